// The functions of a zone with their roles, their logs and what starts them. It changes with every release, before the API,
// which refers to functions by name. It holds no data and can be destroyed and made again, together with the API: the
// permissions by which API Gateway calls functions are the API's, and end with the functions. Where data is locked their logs
// stay, and are imported then (docs/decisions/0033).

import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { addAddressParameters } from '../constructs/address_parameters.ts';
import { addFunctions, type Mappings } from '../constructs/functions.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import { keyArns, type RegionKeys } from './keys.ts';
import type { NetworkStack } from './network.ts';
import type { RelayStack } from './relay.ts';
import type { SecretArns } from './secrets.ts';
import type { StreamsStack } from './streams.ts';

export interface FunctionsProps extends StackProps {
  readonly config: Config;
  readonly deployment: ZoneDeployment;
  readonly keys: RegionKeys;
  readonly secrets: SecretArns;
  readonly data: StreamsStack;
  /** Absent: functions stand in no VPC. */
  readonly network: NetworkStack | undefined;
  readonly relay: RelayStack;
}

export class FunctionsStack extends Stack {
  readonly mappings: Mappings;

  constructor(
    scope: Construct,
    id: string,
    { config, deployment, keys, secrets, data, network, relay, ...props }: FunctionsProps,
  ) {
    super(scope, id, props);
    this.mappings = addFunctions(this, 'functions', {
      ...addAddressParameters(this, config, deployment, 'functions'),
      deployment,
      key: keys.data,
      arns: {
        keys: keyArns(keys),
        secrets,
        streams: data.streams,
        failedRecords: relay.failedRecordsArn,
      },
      queueUrls: relay.queueUrls,
      attachments: network?.attachments,
      usagePlanIds: {},
    });
    // Tables, the bus and queues are referred to by name, which gives CloudFormation no order.
    this.addStackDependency(data);
    this.addStackDependency(relay);
  }
}
