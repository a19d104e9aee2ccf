// Addresses that functions are given, as parameters of their stack: one template serves behind other addresses too.

import { CfnParameter, type Stack } from 'aws-cdk-lib';
import type { Config } from '../config.ts';
import { type FunctionStack, functionsIn } from '../derive/function_stack.ts';
import type { ZoneDeployment } from '../derive/names.ts';
import { baseUrlsOf, otherRegionUrlOf } from '../derive/urls.ts';

export interface AddressParameters {
  readonly baseUrls: string;
  readonly testProcessorUrl: string;
  readonly otherRegionUrl: string;
}

export function addAddressParameters(
  stack: Stack,
  config: Config,
  deployment: ZoneDeployment,
  kind: FunctionStack,
): AddressParameters {
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
  const otherRegionUrl = functionsIn(kind).some(([, row]) => row.callsOtherRegion)
    ? addOtherRegionUrl(stack, deployment)
    : '';
  return {
    baseUrls: baseUrls.valueAsString,
    testProcessorUrl: testProcessorUrl.valueAsString,
    otherRegionUrl,
  };
}

/** Only where a function has it: a parameter that nothing refers to is a mistake to AWS's validator. */
const addOtherRegionUrl = (stack: Stack, deployment: ZoneDeployment): string =>
  new CfnParameter(stack, 'OtherRegionUrl', {
    type: 'String',
    description: 'Origin of the API in the other region of the zone; empty where there is none, or no domain.',
    default: otherRegionUrlOf(deployment),
  }).valueAsString;
