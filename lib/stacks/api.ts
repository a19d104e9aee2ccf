// The API of a zone: its routes, who may call them and how often, its one stage, and the functions that are given ids of it.
// It changes with every release, after the functions; it holds no data and can be destroyed and made again; where data is
// locked its logs stay, and are imported then (docs/decisions/0033). Without a domain its address is then another one, also in
// the addresses that processors were given.

import { Stack, type StackProps, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { addAddressParameters } from '../constructs/address_parameters.ts';
import { type Address, addApi } from '../constructs/api.ts';
import { addFunctions, type Mappings } from '../constructs/functions.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import type { EdgeStack } from './edge.ts';
import type { FunctionsStack } from './functions.ts';
import { keyArns, type RegionKeys } from './keys.ts';
import type { NetworkStack } from './network.ts';
import type { RelayStack } from './relay.ts';
import type { SecretArns } from './secrets.ts';
import type { StreamsStack } from './streams.ts';

export interface ApiProps extends StackProps {
  readonly config: Config;
  readonly deployment: ZoneDeployment;
  readonly keys: RegionKeys;
  readonly secrets: SecretArns;
  readonly data: StreamsStack;
  /** Absent: functions stand in no VPC. */
  readonly network: NetworkStack | undefined;
  readonly relay: RelayStack;
  /** Absent: no web ACL stands before the API. */
  readonly edge: EdgeStack | undefined;
  readonly functions: FunctionsStack;
}

export class ApiStack extends Stack {
  readonly mappings: Mappings;
  /** By host name, where Route 53 leads to. */
  readonly addresses: Readonly<Record<string, Address>>;

  constructor(
    scope: Construct,
    id: string,
    { config, deployment, keys, secrets, data, network, relay, edge, functions, ...props }: ApiProps,
  ) {
    super(scope, id, props);
    const key = keys.data;
    const { api, usagePlanIds, addresses } = addApi(this, { deployment, key });
    this.addresses = addresses;
    if (edge !== undefined) {
      new wafv2.CfnWebACLAssociation(this, 'web-acl-association', {
        resourceArn: api.deploymentStage.stageArn,
        webAclArn: edge.webAclArn,
      });
    }
    this.mappings = addFunctions(this, 'api', {
      ...addAddressParameters(this, config, deployment, 'api'),
      deployment,
      key,
      arns: {
        keys: keyArns(keys),
        secrets,
        streams: data.streams,
        failedRecords: relay.failedRecordsArn,
      },
      queueUrls: relay.queueUrls,
      attachments: network?.attachments,
      usagePlanIds,
    });
    // Functions are referred to by name, which gives CloudFormation no order.
    this.addStackDependency(functions);
  }
}
