// The network of a zone: where functions run, what they can reach from there, and the fixed addresses from which calls to
// the outside leave. It holds no data; it is the one place that says who can speak to whom.

import { type aws_ec2 as ec2, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addEndpoints } from '../constructs/endpoints.ts';
import { addFlowLog } from '../constructs/flow_log.ts';
import { addSecurityGroups } from '../constructs/security_groups.ts';
import { addVpc } from '../constructs/vpc.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import { availabilityZonesOf, type NetworkTier } from '../derive/network.ts';
import type { KeysStack } from './keys.ts';

export interface NetworkProps extends StackProps {
  readonly place: ZoneDeployment;
  readonly keys: KeysStack;
}

/** What a function's VPC attachment is made of. */
export interface Attachment {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

export class NetworkStack extends Stack {
  readonly attachments: Readonly<Record<NetworkTier, Attachment>>;
  readonly #place: ZoneDeployment;

  constructor(scope: Construct, id: string, { place, keys, ...props }: NetworkProps) {
    super(scope, id, props);
    this.#place = place;
    const vpc = addVpc(this, place);
    addFlowLog(this, { place, key: keys.keys.data, vpcId: vpc.vpcId });
    const groups = addSecurityGroups(this, vpc.vpcId, place.region);
    addEndpoints(this, {
      place,
      vpc,
      securityGroupId: groups.endpoints,
      keys: keys.keyArns,
      secrets: keys.secrets,
    });
    const attach = (reach: NetworkTier, subnets: readonly ec2.ISubnet[]): Attachment => ({
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroupId: groups.functions[reach],
    });
    this.attachments = {
      nothing: attach('nothing', vpc.isolatedSubnets),
      aws: attach('aws', vpc.isolatedSubnets),
      outside: attach('outside', vpc.privateSubnets),
      receivers: attach('receivers', vpc.privateSubnets),
    };
  }

  /** Ids of availability zones, without asking AWS which there are. */
  override get availabilityZones(): string[] {
    return [...availabilityZonesOf(this.#place.region)];
  }
}
