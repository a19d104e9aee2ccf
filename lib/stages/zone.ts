// One zone of one stage: its stacks, in the order in which they outlive each other. It shares nothing with another zone.

import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { type Place, stackName } from '../derive/names.ts';
import { ApiStack } from '../stacks/api.ts';
import { DataStack } from '../stacks/data.ts';
import { KeysStack } from '../stacks/keys.ts';

export class ZoneStage extends Stage {
  readonly place: Place;

  constructor(scope: Construct, config: Config, place: Place) {
    super(scope, `${place.stage}-${place.zone}`, {
      // Without an account the stacks deploy to whichever account the credentials belong to.
      env: { ...(place.zoneConfig.account && { account: place.zoneConfig.account }), region: place.region },
    });
    this.place = place;
    const props = (lifecycle: string) => ({
      stackName: stackName(place, lifecycle),
      description: `Strongroom ${place.stage} ${place.zone}: ${lifecycle}`,
      terminationProtection: place.stageConfig.data === 'locked',
    });
    const keys = new KeysStack(this, 'keys', { ...props('keys'), place });
    const data = new DataStack(this, 'data', { ...props('data'), place, key: keys.keys.data });
    new ApiStack(this, 'api', { ...props('api'), config, place, keys, data });
  }
}
