// One zone of one stage: its stacks, in the order in which they outlive each other. It shares nothing with another zone.

import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { stackName, type ZoneDeployment } from '../derive/names.ts';
import { ApiStack } from '../stacks/api.ts';
import { DataStack } from '../stacks/data.ts';
import { EdgeStack } from '../stacks/edge.ts';
import { KeysStack } from '../stacks/keys.ts';
import { NetworkStack } from '../stacks/network.ts';
import { RelayStack } from '../stacks/relay.ts';
import { WatchStack } from '../stacks/watch.ts';

export class ZoneStage extends Stage {
  readonly place: ZoneDeployment;

  constructor(scope: Construct, config: Config, place: ZoneDeployment) {
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
    const key = keys.keys.data;
    const network = new NetworkStack(this, 'network', { ...props('network'), place, keys });
    const data = new DataStack(this, 'data', { ...props('data'), place, key });
    const relay = new RelayStack(this, 'relay', { ...props('relay'), place, key });
    const edge = new EdgeStack(this, 'edge', { ...props('edge'), place, key });
    const api = new ApiStack(this, 'api', { ...props('api'), config, place, keys, data, network, relay, edge });
    new WatchStack(this, 'watch', { ...props('watch'), config, place, key, api });
  }
}
