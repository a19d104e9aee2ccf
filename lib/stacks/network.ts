// The network of a zone: where functions run, what they can reach from there, and the fixed addresses of calls to the
// outside. It holds no data; it alone says which connections are possible.

import { type aws_ec2 as ec2, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addEndpoints } from '../constructs/endpoints.ts';
import { addFlowLog } from '../constructs/flow_log.ts';
import type { Attachment } from '../constructs/functions.ts';
import { addSecurityGroups } from '../constructs/security_groups.ts';
import { addVpc } from '../constructs/vpc.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import { availabilityZonesOf, type NetworkTier } from '../derive/network.ts';
import { keyArns, type RegionKeys } from './keys.ts';
import type { SecretArns } from './secrets.ts';

export interface NetworkProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly keys: RegionKeys;
  readonly secrets: SecretArns;
}

export class NetworkStack extends Stack {
  readonly attachments: Readonly<Record<NetworkTier, Attachment>>;
  readonly #deployment: ZoneDeployment;

  constructor(scope: Construct, id: string, { deployment, keys, secrets, ...props }: NetworkProps) {
    super(scope, id, props);
    this.#deployment = deployment;
    const vpc = addVpc(this, deployment);
    addFlowLog(this, { deployment, key: keys.data, vpcId: vpc.vpcId });
    const groups = addSecurityGroups(this, vpc.vpcId, deployment.region);
    addEndpoints(this, {
      deployment,
      vpc,
      securityGroupId: groups.endpoints,
      keys: keyArns(keys),
      secrets,
    });
    const attach = (tier: NetworkTier, subnets: readonly ec2.ISubnet[]): Attachment => ({
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroupId: groups.functions[tier],
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
    return [...availabilityZonesOf(this.#deployment.region)];
  }
}
