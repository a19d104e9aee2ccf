// What a function may reach, and the addresses of the zone's network. A function that reaches nothing has a security group
// that lets nothing out; nothing is ever let in.

import type { FunctionRow } from '../../contract/capabilities.ts';
import { endpointUrlLimits } from '../../contract/webhooks/endpoint_url.ts';
import type { ZoneDeployment } from './names.ts';

/**
 * `nothing`: no call at all. `aws`: AWS through the zone's endpoints. `outside`: processors, anywhere, through fixed
 * addresses. `receivers`: merchants' webhook endpoints likewise, on the ports that these may have.
 */
export type NetworkTier = 'nothing' | 'aws' | 'outside' | 'receivers';

/** Ports of TCP that a tier lets out to any address. */
export const portsAnywhere = { outside: [443], receivers: endpointUrlLimits.ports } as const;

/** Lambda itself reads streams and queues, writes logs and opens the environment outside the VPC. */
export const networkTierOf = (row: FunctionRow): NetworkTier => {
  if (row.network === 'egress') return row.callsWebhookEndpoints === true ? 'receivers' : 'outside';
  const calls = row.tables.length + Object.keys(row.keys).length + row.secrets.length + (row.sends ?? []).length;
  return calls > 0 || row.publishes === true ? 'aws' : 'nothing';
};

export const cidr = { vpc: '10.40.0.0/16', subnetBits: 20, publicSubnetBits: 28 } as const;

/**
 * At home a locked stage has one in each availability zone. Its second region saves one: it calls processors while home is down, and
 * these calls stop only if one of its own zones fails as well. So does a disposable stage.
 */
export const natGatewaysOf = ({ position, stageConfig }: Pick<ZoneDeployment, 'position' | 'stageConfig'>): 1 | 2 =>
  stageConfig.data === 'locked' && position === 'home' ? 2 : 1;

/**
 * Availability zones by id, which means the same in every account (names don't). use1-az3 is left out: Lambda and
 * PrivateLink are not complete there. Regions: contract/kernel/zones.ts.
 */
const availabilityZoneIds: Readonly<Record<string, readonly [string, string]>> = {
  'us-east-1': ['use1-az1', 'use1-az2'],
  'us-west-2': ['usw2-az1', 'usw2-az2'],
  'eu-west-1': ['euw1-az1', 'euw1-az2'],
  'eu-central-1': ['euc1-az1', 'euc1-az2'],
  'ap-southeast-2': ['apse2-az1', 'apse2-az2'],
  'ap-southeast-4': ['apse4-az1', 'apse4-az2'],
};

/**
 * AWS's own list of DynamoDB's addresses, the same for every account of a region (`aws ec2 describe-prefix-lists`,
 * recorded 2026-11). CloudFormation cannot look it up; a wrong id fails the deployment, it opens nothing.
 */
const dynamoDbPrefixLists: Readonly<Record<string, string>> = {
  'us-east-1': 'pl-02cd2c6b',
  'us-west-2': 'pl-00a54069',
  'eu-west-1': 'pl-6fa54006',
  'eu-central-1': 'pl-66a5400f',
  'ap-southeast-2': 'pl-62a5400b',
};

const known = <T>(table: Readonly<Record<string, T>>, region: string, what: string): T => {
  const found = table[region];
  if (found === undefined) throw new Error(`lib/derive/network.ts: there is no ${what} of the region ${region}`);
  return found;
};

export const availabilityZonesOf = (region: string): readonly [string, string] =>
  known(availabilityZoneIds, region, 'availability zones');

export const dynamoDbPrefixList = (region: string): string =>
  known(dynamoDbPrefixLists, region, 'DynamoDB prefix list');
