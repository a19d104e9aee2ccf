// One zone of one stage: the stacks of its regions, in the order in which they are deployed. It shares nothing with another zone.

import { Aspects, type StackProps, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { hasBackups } from '../derive/backup_access.ts';
import { secondOf, stackName, type ZoneDeployment } from '../derive/names.ts';
import { profileOf } from '../derive/profile.ts';
import { isProtected } from '../derive/removal.ts';
import { Tagging } from '../derive/tags.ts';
import { secondRegion } from '../evidence/template.ts';
import { ApiStack } from '../stacks/api.ts';
import { DataStack } from '../stacks/data.ts';
import { EdgeStack } from '../stacks/edge.ts';
import { FunctionsStack } from '../stacks/functions.ts';
import { KeysStack, type RegionKeys } from '../stacks/keys.ts';
import { type NamedRegion, NamesStack } from '../stacks/names.ts';
import { NetworkStack } from '../stacks/network.ts';
import { RecoveryStack } from '../stacks/recovery.ts';
import { RelayStack } from '../stacks/relay.ts';
import { ReplicaKeysStack } from '../stacks/replica_keys.ts';
import { replicaArns, type SecretArns, SecretsStack } from '../stacks/secrets.ts';
import { ReplicaStreamsStack, type StreamsStack } from '../stacks/streams.ts';
import { WatchStack } from '../stacks/watch.ts';

export class ZoneStage extends Stage {
  /** Of its home. */
  readonly deployment: ZoneDeployment;
  /** Of each region that the stage runs, its home first. */
  readonly deployments: readonly ZoneDeployment[];
  /** Whom alarms reach. */
  readonly mailbox: string;

  constructor(scope: Construct, config: Config, home: ZoneDeployment) {
    super(scope, `${home.stage}-${home.zone}`);
    Aspects.of(this).add(new Tagging(home.stage, home.zone));
    this.mailbox = config.contacts.operations;
    this.deployment = home;
    const second = secondOf(home);
    this.deployments = second === undefined ? [home] : [home, second];

    const keys = new KeysStack(this, 'keys', { ...propsOf(home, 'keys'), deployment: home }).keys;
    const there = second && addReplicaKeys(this, second, keys);
    const secrets = new SecretsStack(this, 'secrets', {
      ...propsOf(home, 'secrets'),
      deployment: home,
      keys,
      secondKeys: there?.keys,
    }).arns;
    const data = new DataStack(this, 'data', {
      ...propsOf(home, 'data'),
      deployment: home,
      key: keys.data,
      secondKey: there?.keys.data,
    });
    const named = addRegion(this, config, home, { keys, secrets, data });
    addNames(this, named, there && addSecondRegion(config, there, secrets, data));
  }
}

/** Of the second region, what is there already. */
interface SecondRegion {
  readonly scope: Construct;
  readonly deployment: ZoneDeployment;
  readonly keys: RegionKeys;
}

function addSecondRegion(
  config: Config,
  { scope, deployment, keys }: SecondRegion,
  secrets: SecretArns,
  tables: DataStack,
): NamedRegion {
  const data = new ReplicaStreamsStack(scope, 'data', {
    ...propsOf(deployment, 'data'),
    deployment,
    key: keys.data,
    tables,
  });
  return addRegion(scope, config, deployment, { keys, secrets: replicaArns(secrets, deployment), data });
}

/** Where the zone has a domain, and a hosted zone in which its names are to be. */
function addNames(stage: Stage, home: NamedRegion, second: NamedRegion | undefined): void {
  const { stageConfig, zoneConfig } = home.deployment;
  const { domain } = stageConfig;
  const { hostedZoneId } = zoneConfig;
  if (domain === undefined || hostedZoneId === undefined) return;
  new NamesStack(stage, 'names', { ...propsOf(home.deployment, 'names'), domain, hostedZoneId, home, second });
}

const addReplicaKeys = (stage: Stage, deployment: ZoneDeployment, primary: RegionKeys): SecondRegion => {
  const scope = new Construct(stage, secondRegion);
  const { keys } = new ReplicaKeysStack(scope, 'keys', { ...propsOf(deployment, 'keys'), deployment, primary });
  return { scope, deployment, keys };
};

const propsOf = (deployment: ZoneDeployment, lifecycle: string): StackProps => ({
  stackName: stackName(deployment, lifecycle),
  description: `Strongroom ${deployment.stage} ${deployment.zone}: ${lifecycle}`,
  terminationProtection: isProtected(deployment),
  // Without an account the stacks are deployed to the account of the credentials.
  env: {
    ...(deployment.zoneConfig.account && { account: deployment.zoneConfig.account }),
    region: deployment.region,
  },
});

interface Foundation {
  readonly keys: RegionKeys;
  readonly secrets: SecretArns;
  readonly data: StreamsStack;
}

/** What both regions have alike: everything but keys, secrets and tables, which one region makes and the other has replicas of. */
function addRegion(scope: Construct, config: Config, deployment: ZoneDeployment, foundation: Foundation): NamedRegion {
  const props = (lifecycle: string) => ({ ...propsOf(deployment, lifecycle), deployment });
  const { keys, secrets } = foundation;
  const key = keys.data;
  const profile = profileOf(deployment);
  const network = profile.network
    ? new NetworkStack(scope, 'network', { ...props('network'), keys, secrets })
    : undefined;
  if (hasBackups(deployment)) new RecoveryStack(scope, 'recovery', { ...props('recovery'), key });
  const relay = new RelayStack(scope, 'relay', { ...props('relay'), key });
  const edge = profile.webAcl ? new EdgeStack(scope, 'edge', { ...props('edge'), key }) : undefined;
  const shared = { config, ...foundation, network, relay };
  const functions = new FunctionsStack(scope, 'functions', { ...props('functions'), ...shared });
  const api = new ApiStack(scope, 'api', { ...props('api'), ...shared, edge, functions });
  const watch = new WatchStack(scope, 'watch', { ...props('watch'), config, key, functions, api });
  return { deployment, api, watch };
}
