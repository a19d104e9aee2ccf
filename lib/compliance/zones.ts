// The templates of every zone, read once for all packs, each with the deployment that it belongs to.

import type { IPolicyValidationContext } from 'aws-cdk-lib';
import type { ZoneDeployment } from '../derive/names.ts';
import { readZone } from '../evidence/assembly.ts';
import type { RuleContext } from './rule.ts';

export class Zones {
  readonly #deployments: ReadonlyMap<string, ZoneDeployment>;
  #read: readonly RuleContext[] | undefined;

  /** @param places By the path of the zone's construct: `<stage>-<zone>`. */
  constructor(deployments: ReadonlyMap<string, ZoneDeployment>) {
    this.#deployments = deployments;
  }

  in({ stackTemplates }: IPolicyValidationContext): readonly RuleContext[] {
    this.#read ??= [...this.#deployments].map(([id, deployment]) => {
      const files = stackTemplates
        .filter(({ stackConstructPath }) => stackConstructPath.startsWith(`${id}/`))
        .map(({ stackConstructPath: path, templatePath: templateFile, accountId: account }) => ({
          path,
          region: deployment.region,
          account,
          templateFile,
        }));
      return { ...readZone(id, files), deployment, locked: deployment.stageConfig.data === 'locked' };
    });
    return this.#read;
  }
}
