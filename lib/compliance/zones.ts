// The templates of every zone, read once for all packs, each with the deployment that it belongs to.

import type { IPolicyValidationContext } from 'aws-cdk-lib';
import { readRegions } from '../evidence/assembly.ts';
import type { ZoneStage } from '../stages/zone.ts';
import type { RuleContext } from './rule.ts';

export class Zones {
  readonly #stages: readonly ZoneStage[];
  #read: readonly RuleContext[] | undefined;

  constructor(stages: readonly ZoneStage[]) {
    this.#stages = stages;
  }

  in({ stackTemplates }: IPolicyValidationContext): readonly RuleContext[] {
    this.#read ??= this.#stages.flatMap(({ node: { path: id }, deployments, mailbox }) => {
      const files = stackTemplates
        .filter(
          ({ stackConstructPath }) => /^account-/.test(stackConstructPath) || stackConstructPath.startsWith(`${id}/`),
        )
        .map(({ stackConstructPath: path, templatePath: templateFile, accountId: account, region }) => ({
          path,
          region: region ?? '',
          account,
          templateFile,
        }));
      return readRegions(id, files).map((read) => {
        const deployment = deployments.find(({ region }) => region === read.region);
        if (deployment === undefined) throw new Error(`${read.id} is no region of its zone: ${read.region}`);
        return { ...read, deployment, mailbox, locked: deployment.stageConfig.data === 'locked' };
      });
    });
    return this.#read;
  }
}
