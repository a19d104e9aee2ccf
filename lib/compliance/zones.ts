// The templates of every zone, read once for all who judge them, each with the place that it is deployed to.

import type { IPolicyValidationContext } from 'aws-cdk-lib';
import type { ZoneDeployment } from '../derive/names.ts';
import { readZone } from '../evidence/reading.ts';
import type { Surroundings } from './rule.ts';

export class Zones {
  readonly #places: ReadonlyMap<string, ZoneDeployment>;
  #read: readonly Surroundings[] | undefined;

  /** @param places By the path of the zone's construct: `<stage>-<zone>`. */
  constructor(places: ReadonlyMap<string, ZoneDeployment>) {
    this.#places = places;
  }

  in({ stackTemplates }: IPolicyValidationContext): readonly Surroundings[] {
    this.#read ??= [...this.#places].map(([id, place]) => {
      const files = stackTemplates
        .filter(({ stackConstructPath }) => stackConstructPath.startsWith(`${id}/`))
        .map(({ stackConstructPath: path, templatePath: templateFile, accountId: account }) => ({
          path,
          region: place.region,
          account,
          templateFile,
        }));
      return { ...readZone(id, files), place, locked: place.stageConfig.data === 'locked' };
    });
    return this.#read;
  }
}
