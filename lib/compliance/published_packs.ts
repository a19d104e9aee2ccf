// The published packs that every synthesis runs. Each records which of its rules have read which type of resource: a rule
// that does not apply has read nothing; one that fails has read the resource, and reports it.

import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type IApplyRule,
  NagRuleCompliance,
  NIST80053R5Checks,
  ServerlessChecks,
} from 'cdk-nag';
import type { RuleCoverage } from './rule_coverage.ts';

function recording(pack: string, coverage: RuleCoverage, params: IApplyRule): IApplyRule {
  const suffix = params.ruleSuffixOverride ?? params.rule.name;
  return {
    ...params,
    ruleSuffixOverride: suffix,
    rule: (node) => {
      const record = () => coverage.record(node.cfnResourceType, `${pack}-${suffix}`);
      try {
        const result = params.rule(node);
        if (result !== NagRuleCompliance.NOT_APPLICABLE) record();
        return result;
      } catch (error) {
        record();
        throw error;
      }
    },
  };
}

/** cdk-nag offers no way to ask a pack for its rules, but lets a pack say how each is applied. */
export function publishedPacks(coverage: RuleCoverage): IPolicyValidationPlugin[] {
  return [
    new (class extends AwsSolutionsChecks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(recording(this.packName, coverage, params));
      }
    })(),
    new (class extends NIST80053R5Checks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(recording(this.packName, coverage, params));
      }
    })(),
    new (class extends HIPAASecurityChecks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(recording(this.packName, coverage, params));
      }
    })(),
    new (class extends ServerlessChecks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(recording(this.packName, coverage, params));
      }
    })(),
  ];
}
