// The published packs that every synthesis runs, watched: each tells which of its rules looked at which type of resource.
// A rule that does not apply has not looked; one that fails to read has, and reports it.

import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type IApplyRule,
  NagRuleCompliance,
  NIST80053R5Checks,
  ServerlessChecks,
} from 'cdk-nag';
import type { RuleCoverage } from './inspected.ts';

function watched(pack: string, inspected: RuleCoverage, params: IApplyRule): IApplyRule {
  const suffix = params.ruleSuffixOverride ?? params.rule.name;
  return {
    ...params,
    ruleSuffixOverride: suffix,
    rule: (node) => {
      const saw = () => inspected.saw(node.cfnResourceType, `${pack}-${suffix}`);
      try {
        const result = params.rule(node);
        if (result !== NagRuleCompliance.NOT_APPLICABLE) saw();
        return result;
      } catch (error) {
        saw();
        throw error;
      }
    },
  };
}

/** cdk-nag offers no way to ask a pack for its rules, but lets a pack say how each is applied. */
export function publishedPacks(inspected: RuleCoverage): IPolicyValidationPlugin[] {
  return [
    new (class extends AwsSolutionsChecks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(watched(this.packName, inspected, params));
      }
    })(),
    new (class extends NIST80053R5Checks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(watched(this.packName, inspected, params));
      }
    })(),
    new (class extends HIPAASecurityChecks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(watched(this.packName, inspected, params));
      }
    })(),
    new (class extends ServerlessChecks {
      protected override applyRule(params: IApplyRule): void {
        super.applyRule(watched(this.packName, inspected, params));
      }
    })(),
  ];
}
