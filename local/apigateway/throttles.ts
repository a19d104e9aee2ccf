// The rate limits that a stage puts on its methods: one size for all, and for a method that has its own, that one instead. Either way
// each method has a bucket of its own (docs/decisions/0034).
// Closed: a limit for a method that does not exist is refused with a UserError.

import * as v from 'valibot';
import type { Throttle } from './bucket.ts';

const OfAll = v.object({
  HttpMethod: v.literal('*'),
  ResourcePath: v.literal('/*'),
  ThrottlingRateLimit: v.optional(v.number()),
  ThrottlingBurstLimit: v.optional(v.number()),
});
const OfOne = v.object({
  HttpMethod: v.pipe(v.string(), v.regex(/^[A-Z]+$/, 'Expected one method')),
  // Slashes are written `~1` (CloudFormation, AWS::ApiGateway::Stage MethodSetting, known, not looked up).
  ResourcePath: v.pipe(v.string(), v.regex(/^\/(?:~1[^/~]+)+$/, 'Expected the path of one method')),
  ThrottlingRateLimit: v.number(),
  ThrottlingBurstLimit: v.number(),
});

export const MethodSettings = v.array(v.union([OfAll, OfOne]));

export interface Throttles {
  readonly ofAll: Throttle | undefined;
  /** `<method> <path>` -> its own. */
  readonly ofOne: ReadonlyMap<string, Throttle>;
}

export const throttlesOf = (settings: v.InferOutput<typeof MethodSettings>): Throttles => {
  const ofOne = new Map<string, Throttle>();
  let ofAll: Throttle | undefined;
  for (const { HttpMethod, ResourcePath, ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } of settings) {
    if (rate === undefined || burst === undefined) continue;
    if (HttpMethod === '*') ofAll = { rate, burst };
    else ofOne.set(`${HttpMethod} ${ResourcePath.slice(1).replaceAll('~1', '/')}`, { rate, burst });
  }
  return { ofAll, ofOne };
};
