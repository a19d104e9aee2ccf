// The templates of every zone, read once for all packs, each with the deployment that it belongs to.

import type { IPolicyValidationContext } from 'aws-cdk-lib';
import { readZone } from '../evidence/assembly.ts';
import type { ZoneStage } from '../stages/zone.ts';
import type { RuleContext } from './rule.ts';

export class Zones {
  readonly #stages: readonly ZoneStage[];
  #read: readonly RuleContext[] | undefined;

  constructor(stages: readonly ZoneStage[]) {
    this.#stages = stages;
  }

  in({ stackTemplates }: IPolicyValidationContext): readonly RuleContext[] {
    this.#read ??= this.#stages.map(({ node: { path: id }, deployment, mailbox }) => {
      const files = stackTemplates
        .filter(({ stackConstructPath }) => stackConstructPath.startsWith(`${id}/`))
        .map(({ stackConstructPath: path, templatePath: templateFile, accountId: account }) => ({
          path,
          region: deployment.region,
          account,
          templateFile,
        }));
      return { ...readZone(id, files), deployment, mailbox, locked: deployment.stageConfig.data === 'locked' };
    });
    return this.#read;
  }
}
