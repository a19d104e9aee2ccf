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
  /** What each of the above stands for, unless whoever deploys says otherwise. */
  readonly defaults: ReadonlyMap<string, string>;
}

export function addAddressParameters(
  stack: Stack,
  config: Config,
  deployment: ZoneDeployment,
  kind: FunctionStack,
): AddressParameters {
  const defaults = new Map<string, string>();
  const add = (id: string, description: string, value: string): string => {
    const reference = new CfnParameter(stack, id, { type: 'String', description, default: value }).valueAsString;
    defaults.set(reference, value);
    return reference;
  };
  return {
    testProcessorUrl: add(
      'TestProcessorUrl',
      'Base URL of the processor that test-mode payments go to; empty where there is none.',
      config.testProcessorUrl ?? '',
    ),
    baseUrls: add(
      'BaseUrls',
      'JSON object: zone -> base URL of its API, where it has a domain.',
      JSON.stringify(baseUrlsOf(deployment.stageConfig)),
    ),
    // Only where a function has it: a parameter that nothing refers to is a mistake to AWS's validator.
    otherRegionUrl: functionsIn(kind).some(([, row]) => row.callsOtherRegion)
      ? add(
          'OtherRegionUrl',
          'Origin of the API in the other region of the zone; empty where there is none, or no domain.',
          otherRegionUrlOf(deployment),
        )
      : '',
    defaults,
  };
}
