// Puts a pack's findings into one form (error, promise, description) and acknowledges those that the table of exceptions
// covers, with the row's reason, so that they stay in the report. What a pack calls a warning is an error here.

import {
  CfnResource,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { nameOf } from '../evidence/template.ts';
import type { ZoneStage } from '../stages/zone.ts';
import { packPart, timed } from '../timings.ts';
import type { ExceptionMatcher } from './exception_matcher.ts';
import type { Exception } from './exceptions.ts';
import { promisesTouched } from './promises.ts';

const reasonOf = ({ reason, owner, expires }: Exception): string => `${reason} Owner: ${owner}. Until ${expires}.`;

export class PackAdapter implements IPolicyValidationPlugin {
  readonly name: string;
  readonly #pack: IPolicyValidationPlugin;
  readonly #matcher: ExceptionMatcher;
  readonly #zones: readonly ZoneStage[];

  constructor(pack: IPolicyValidationPlugin, matcher: ExceptionMatcher, zones: readonly ZoneStage[]) {
    this.#zones = zones;
    this.name = pack.name;
    this.#pack = pack;
    this.#matcher = matcher;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return timed(packPart(this.name), () => this.#read(context));
  }

  #read(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const found = this.#pack
      .validate(context)
      .violations.flatMap((violation) =>
        violation.violatingResources.map((resource) => ({ violation, path: resource.constructPath ?? '', resource })),
      );
    const constructs = new Map(context.appConstruct.node.findAll().map((each) => [each.node.path, each]));
    const violations = found.map(({ violation, path, resource }): PolicyViolation => {
      const construct = constructs.get(path);
      if (construct !== undefined) this.#acknowledge(construct, violation.ruleName);
      const promises =
        violation.ruleMetadata?.promises ??
        promisesTouched(CfnResource.isCfnResource(construct) ? construct.cfnResourceType : '').join(' ');
      return {
        ruleName: violation.ruleName,
        description: `[${promises}] ${violation.description}`,
        severity: 'error',
        ruleMetadata: { promises },
        violatingResources: [resource],
      };
    });
    return { success: violations.length === 0, violations };
  }

  #acknowledge(construct: IConstruct, ruleName: string): void {
    const id = `${this.name}::${ruleName}`;
    const { path } = construct.node;
    const zone = this.#zones.find(({ node }) => path.startsWith(`${node.path}/`));
    const exception = this.#matcher.find(id, nameOf(path), path, zone?.deployment.stageConfig.profile);
    if (exception !== undefined) Validations.of(construct).acknowledge({ id, reason: reasonOf(exception) });
  }
}
