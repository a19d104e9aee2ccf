// Turns a function's answer into an HTTP response, or finds that it isn't one (Lambda proxy integration, output format).

import * as v from 'valibot';

const Plain = v.union([v.string(), v.number(), v.boolean()]);
const Answer = v.strictObject({
  statusCode: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.toNumber())]),
    v.integer(),
    v.minValue(200),
    v.maxValue(599),
  ),
  headers: v.nullish(v.record(v.string(), Plain)),
  multiValueHeaders: v.nullish(v.record(v.string(), v.array(Plain))),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
});

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** Headers that the gateway sets itself. */
const ours = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'date', 'server']);

/** @param takesBytes whether base64 is decoded for this caller; others get it as it is. */
export const readReply = (payload: unknown, takesBytes: boolean): Reply | undefined => {
  const parsed = v.safeParse(Answer, payload);
  if (!parsed.success) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.output;
  const merged: Record<string, string | string[]> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(headers ?? {})) merged[name.toLowerCase()] = String(value);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) merged[name.toLowerCase()] = values.map(String);
  for (const name of ours) delete merged[name];
  return {
    status: statusCode,
    headers: merged,
    body: Buffer.from(body ?? '', isBase64Encoded === true && takesBytes ? 'base64' : 'utf8'),
  };
};
