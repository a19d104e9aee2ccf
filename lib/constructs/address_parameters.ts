// Addresses that functions are given, as parameters of their stack: one template serves behind other addresses too.

import { CfnParameter, type Stack } from 'aws-cdk-lib';
import type { Config } from '../config.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import { baseUrlsOf, otherRegionUrlOf } from '../derive/urls.ts';

export interface AddressParameters {
  readonly baseUrls: string;
  readonly testProcessorUrl: string;
  readonly otherRegionUrl: string;
}

export function addAddressParameters(stack: Stack, config: Config, deployment: ZoneDeployment): AddressParameters {
  const testProcessorUrl = new CfnParameter(stack, 'TestProcessorUrl', {
    type: 'String',
    description: 'Base URL of the processor that test-mode payments go to; empty where there is none.',
    default: config.testProcessorUrl ?? '',
  });
  const baseUrls = new CfnParameter(stack, 'BaseUrls', {
    type: 'String',
    description: 'JSON object: zone -> base URL of its API, where it has a domain.',
    default: JSON.stringify(baseUrlsOf(deployment.stageConfig)),
  });
  const otherRegionUrl = new CfnParameter(stack, 'OtherRegionUrl', {
    type: 'String',
    description: 'Origin of the API in the other region of the zone; empty where there is none, or no domain.',
    default: otherRegionUrlOf(deployment),
  });
  return {
    baseUrls: baseUrls.valueAsString,
    testProcessorUrl: testProcessorUrl.valueAsString,
    otherRegionUrl: otherRegionUrl.valueAsString,
  };
}
