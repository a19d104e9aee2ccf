// One zone of one stage: its stacks, in the order in which they are deployed. It shares nothing with another zone.

import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { stackName, type ZoneDeployment } from '../derive/names.ts';
import { profileOf } from '../derive/profile.ts';
import { isProtected } from '../derive/removal.ts';
import { ApiStack } from '../stacks/api.ts';
import { DataStack } from '../stacks/data.ts';
import { EdgeStack } from '../stacks/edge.ts';
import { FunctionsStack } from '../stacks/functions.ts';
import { KeysStack } from '../stacks/keys.ts';
import { NetworkStack } from '../stacks/network.ts';
import { RelayStack } from '../stacks/relay.ts';
import { WatchStack } from '../stacks/watch.ts';

export class ZoneStage extends Stage {
  readonly deployment: ZoneDeployment;
  /** Whom alarms reach. */
  readonly mailbox: string;

  constructor(scope: Construct, config: Config, deployment: ZoneDeployment) {
    super(scope, `${deployment.stage}-${deployment.zone}`, {
      // Without an account the stacks are deployed to the account of the credentials.
      env: {
        ...(deployment.zoneConfig.account && { account: deployment.zoneConfig.account }),
        region: deployment.region,
      },
    });
    this.deployment = deployment;
    this.mailbox = config.contacts.operations;
    const props = (lifecycle: string) => ({
      stackName: stackName(deployment, lifecycle),
      description: `Strongroom ${deployment.stage} ${deployment.zone}: ${lifecycle}`,
      terminationProtection: isProtected(deployment),
    });
    const keys = new KeysStack(this, 'keys', { ...props('keys'), deployment });
    const key = keys.keys.data;
    const profile = profileOf(deployment);
    const network = profile.network
      ? new NetworkStack(this, 'network', { ...props('network'), deployment, keys })
      : undefined;
    const data = new DataStack(this, 'data', { ...props('data'), deployment, key });
    const relay = new RelayStack(this, 'relay', { ...props('relay'), deployment, key });
    const edge = profile.webAcl ? new EdgeStack(this, 'edge', { ...props('edge'), deployment, key }) : undefined;
    const shared = { config, deployment, keys, data, network, relay };
    const functions = new FunctionsStack(this, 'functions', { ...props('functions'), ...shared });
    const api = new ApiStack(this, 'api', { ...props('api'), ...shared, edge, functions });
    new WatchStack(this, 'watch', { ...props('watch'), config, deployment, key, functions, api });
  }
}
