// The value of a platform secret: {"current": version, version: key, version: key …}. Templates write the first, the rotator
// adds and retires versions, and functions read the keys.

import * as v from 'valibot';

const Value = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.pipe(v.string(), v.minLength(1))));

export interface PlatformSecretValue {
  readonly current: string;
  /** Key by version, `current` among them. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Undefined: the text has another form, or holds no key of its current version. */
export function parsePlatformSecretValue(text: string | undefined): PlatformSecretValue | undefined {
  const parsed = v.safeParse(Value, text);
  if (!parsed.success) return undefined;
  const { current, ...keys } = parsed.output;
  if (current === undefined || keys[current] === undefined) return undefined;
  return { current, keys: new Map(Object.entries(keys)) };
}
