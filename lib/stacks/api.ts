// What changes with every release: the functions, what starts them, and the API in front of them. It holds no data, so it
// can be destroyed and made again.

import { CfnParameter, Stack, type StackProps, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionName } from '../../contract/capabilities.ts';
import type { Config } from '../config.ts';
import { addApi } from '../constructs/api.ts';
import { addFunctions } from '../constructs/functions.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import { baseUrlsOf } from '../derive/urls.ts';
import type { DataStack } from './data.ts';
import type { EdgeStack } from './edge.ts';
import type { KeysStack } from './keys.ts';
import type { NetworkStack } from './network.ts';
import type { RelayStack } from './relay.ts';

export interface ApiProps extends StackProps {
  readonly config: Config;
  readonly place: ZoneDeployment;
  readonly keys: KeysStack;
  readonly data: DataStack;
  readonly network: NetworkStack;
  readonly relay: RelayStack;
  readonly edge: EdgeStack;
}

export class ApiStack extends Stack {
  /** Ids of each function's event source mappings. */
  readonly mappings: Readonly<Partial<Record<FunctionName, readonly string[]>>>;

  constructor(scope: Construct, id: string, { config, place, keys, data, network, relay, edge, ...props }: ApiProps) {
    super(scope, id, props);
    // Parameters, so that one template serves behind other addresses too.
    const testProcessorUrl = new CfnParameter(this, 'TestProcessorUrl', {
      type: 'String',
      description: 'Base URL of the processor that test-mode payments go to.',
      default: config.testProcessorUrl,
    });
    const baseUrls = new CfnParameter(this, 'BaseUrls', {
      type: 'String',
      description: 'JSON object: zone -> base URL of its API.',
      default: JSON.stringify(baseUrlsOf(place.stageConfig)),
    });

    const key = keys.keys.data;
    const mappings: Partial<Record<FunctionName, readonly string[]>> = {};
    const functions = addFunctions(this, {
      place,
      key,
      baseUrls: baseUrls.valueAsString,
      testProcessorUrl: testProcessorUrl.valueAsString,
      arns: {
        keys: keys.keyArns,
        secrets: keys.secrets,
        streams: data.streams,
      },
      queueUrls: relay.queueUrls,
      attachments: network.attachments,
      mapped: (name, ids) => {
        mappings[name] = ids;
      },
    });
    const api = addApi(this, { place, key, functions });
    new wafv2.CfnWebACLAssociation(this, 'web-acl-association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: edge.webAclArn,
    });
    this.mappings = mappings;
    // Tables, the bus, queues and the bucket of failed stream records are referred to by name, which tells CloudFormation no order.
    this.addStackDependency(data);
    this.addStackDependency(relay);
  }
}
