// What was sent, parsed once: handlers get values of their operation's schemas and nothing else. Anything shaped like a
// card's or a bank account's number is refused before it is looked at further.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { Operation } from '../../../contract/capabilities.ts';
import { idPattern } from '../../../contract/kernel/ids.ts';
import { requestLimits as limits } from '../../../contract/kernel/limits.ts';
import type { IdKind } from '../../../contract/kernel/vocabulary.ts';
import { markStage } from '../crypto/credential.ts';
import { accountNumberWithin } from '../domain/account_number.ts';
import { Defect, type Finding, Refusal } from '../domain/refusal.ts';
import type { Identity } from '../operation/call.ts';
import { notFound } from '../operation/named.ts';
import type { Config } from '../platform/config.ts';
import { derivedId } from '../platform/ids.ts';
import { baseUrlOf } from './base_url.ts';
import { header, type Middleware } from './exchange.ts';
import { parseJson, pointerOf } from './json.ts';

export const parse = (operation: Operation, config: Config): Middleware => ({
  before: ({ event, context, internal }) => {
    const { identity } = internal;
    if (identity === undefined) throw new Defect('a request was parsed before its caller was authorized');
    refuseAccountNumbers(outside(event));
    const sent = operation.body === undefined ? undefined : bodyOf(event);
    refuseAccountNumbers(sent);
    const params = paramsOf(operation, event);
    context.call = {
      requestId: event.requestContext.requestId,
      identity,
      sourceAddress: event.requestContext.identity.sourceIp,
      baseUrl: baseUrlOf(event, config),
      params,
      query: queryOf(operation, event) as undefined,
      body: (operation.body && check(operation.body, sent, (path) => ({ pointer: pointerOf(path) }))) as undefined,
      sent,
      objectId:
        operation.creates === undefined ? '' : objectId(operation, operation.creates, event, identity, params, config),
    };
  },
});

function bodyOf(event: APIGatewayProxyEvent): unknown {
  const text = textOf(event);
  if (Buffer.byteLength(text) > limits.bodyBytes) throw new Refusal('body_too_large');
  if (text.trim() === '') throw new Refusal('body_required');
  // Before anything else is said about it: a finding might name the place by what stands there.
  refuseAccountNumbers(text);
  const type = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;
  const [contentType = '', ...others] = header(event, 'content-type');
  if (others.length > 0) throw invalid([{ header: 'Content-Type', detail: 'Expected once' }]);
  const coded = header(event, 'content-encoding').some((coding) => coding.trim().toLowerCase() !== 'identity');
  if (coded || !type.test(contentType)) throw new Refusal('media_type_unsupported');
  const parsed = parseJson(text);
  switch (parsed.kind) {
    case 'parsed':
      if (typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) {
        throw invalid([{ pointer: '', detail: 'Expected an object' }]);
      }
      return parsed.value;
    case 'malformed':
      throw new Refusal('json_malformed');
    case 'too_deep':
      throw invalid([{ pointer: '', detail: `Expected at most ${limits.jsonDepth} levels` }]);
    case 'duplicate':
      throw invalid([{ pointer: parsed.pointer, detail: 'Expected each name once' }]);
    case 'inexact':
      throw invalid([{ pointer: parsed.pointer, detail: 'Expected an integer, written in digits' }]);
    case 'ill_formed':
      throw invalid([{ pointer: parsed.pointer, detail: 'Expected well-formed Unicode' }]);
    case 'reserved':
      throw invalid([{ pointer: parsed.pointer, detail: 'Not accepted as a name' }]);
  }
}

/** The body as text. The gateway hands bytes over as they came, so that nothing was replaced by U+FFFD on the way. */
function textOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  if (!isBase64Encoded) return body ?? '';
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.length > limits.bodyBytes) throw new Refusal('body_too_large');
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refusal('json_malformed');
  }
}

/** The Encoding Standard's decoder: no overlong form, no half of a surrogate pair, and no byte order mark passed over. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function refuseAccountNumbers(value: unknown): void {
  const found = accountNumberWithin(value);
  if (found !== null) throw new Refusal(found === 'card' ? 'card_data_not_accepted' : 'bank_account_not_accepted');
}

/** What a caller can say beside the body. */
const outside = (event: APIGatewayProxyEvent): string[] => [
  ...Object.values(event.pathParameters ?? {}).map((value) => value ?? ''),
  ...Object.entries(event.multiValueQueryStringParameters ?? {}).flatMap(([name, values]) => [name, ...(values ?? [])]),
  ...header(event, 'idempotency-key'),
];

/** A parameter `{payment_id}` holds the id of a payment; one that cannot be such an id names nothing. */
function paramsOf(operation: Operation, event: APIGatewayProxyEvent): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, kind = ''] of operation.path.matchAll(/\{(\w+)_id\}/g)) {
    const value = event.pathParameters?.[`${kind}_id`] ?? '';
    if (!idPattern(kind as IdKind).test(value)) throw notFound(kind as IdKind);
    params[`${kind}_id`] = value;
  }
  return params;
}

function queryOf(operation: Operation, event: APIGatewayProxyEvent): unknown {
  const values = Object.entries(event.multiValueQueryStringParameters ?? {});
  const repeated = values.filter(([, all]) => (all?.length ?? 0) > 1);
  if (repeated.length > 0) throw invalid(repeated.map(([parameter]) => ({ parameter, detail: 'Expected once' })));
  const query = Object.fromEntries(values.map(([name, all]) => [name, all?.[0]]));
  return check(operation.query ?? v.strictObject({}), query, ([name]) => ({ parameter: String(name ?? '') }));
}

function objectId(
  operation: Operation,
  kind: IdKind,
  event: APIGatewayProxyEvent,
  identity: Identity,
  params: Record<string, string>,
  config: Config,
): string {
  const [key = '', ...others] = header(event, 'idempotency-key');
  if (
    others.length > 0 ||
    !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(key) ||
    key.length > limits.idempotencyKeyChars
  ) {
    throw new Refusal('idempotency_required');
  }
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const caller = identity.tenant ?? identity.actor.id;
  const id = derivedId(kind, config.zone, [caller, identity.mode ?? '', operation.method, path, key]);
  return kind === 'key' ? markStage(id, config.stage) : id;
}

function check<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  locate: (path: (string | number)[]) => Omit<Finding, 'detail'>,
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const findings = parsed.issues.slice(0, limits.errorsShown).map((issue) => ({
    ...locate((issue.path ?? []).map(({ key }) => key as string | number)),
    detail: detailOf(issue),
  }));
  throw invalid(findings);
}

/** Our own words where the schema has some; never what was received, which may be a secret. */
const detailOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.expected === 'never') return 'Unknown field';
  if (issue.received === 'undefined') return 'Required';
  const ours = issue.message.startsWith('Invalid ') ? null : issue.message;
  return ours ?? (issue.expected === null ? 'Not accepted' : `Expected ${issue.expected}`);
};

const invalid = (findings: readonly Finding[]): Refusal => new Refusal('request_invalid', { findings });
