// What was sent, parsed once: handlers get values of their operation's schemas and nothing else. Anything shaped like a
// card's or a bank account's number is refused before it is looked at further.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { Operation } from '../../../contract/capabilities.ts';
import { clientSecretHeader } from '../../../contract/kernel/headers.ts';
import { idPattern } from '../../../contract/kernel/ids.ts';
import { requestLimits as limits } from '../../../contract/kernel/limits.ts';
import type { IdKind } from '../../../contract/kernel/vocabulary.ts';
import { markStage } from '../crypto/credential.ts';
import { Defect, type Finding, Refusal } from '../domain/refusal.ts';
import type { Identity } from '../operation/call.ts';
import { notFound } from '../operation/named.ts';
import type { Config } from '../platform/config.ts';
import { derivedId } from '../platform/ids.ts';
import { baseUrlOf } from './base_url.ts';
import { bodyOf } from './body.ts';
import { header, type Middleware } from './exchange.ts';
import { jsonFindings, pointerOf } from './json.ts';
import { invalid, refuseAccountNumbers } from './refuse.ts';

export const parse = (operation: Operation, config: Config): Middleware => ({
  before: ({ event, context, internal }) => {
    const { identity } = internal;
    if (identity === undefined) throw new Defect('a request was parsed before its caller was authorized');
    refuseAccountNumbers(outside(event));
    const sent = operation.body === undefined ? undefined : bodyOf(event);
    const params = paramsOf(operation, event);
    context.call = {
      requestId: event.requestContext.requestId,
      identity,
      clientSecret: identity.actor.kind === 'payer' ? header(event, clientSecretHeader).at(-1) : undefined,
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
  const illFormed = Object.entries(query).find(([name, value = '']) => !`${name}=${value}`.isWellFormed());
  if (illFormed) throw invalid([{ parameter: illFormed[0].toWellFormed(), detail: jsonFindings.ill_formed }]);
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
  if (parsed.success) {
    const misread = arrayAsObject(value, parsed.output);
    if (misread !== null) throw invalid([{ ...locate(misread), detail: 'Expected an object' }]);
    return parsed.output;
  }
  const findings = parsed.issues.slice(0, limits.errorsShown).map((issue) => ({
    ...locate((issue.path ?? []).map(({ key }) => key as string | number)),
    detail: detailOf(issue),
  }));
  throw invalid(findings);
}

/** Where an array stood and an object was read: to the schemas every array is an object, and an empty one has all it needs. */
function arrayAsObject(sent: unknown, read: unknown, path: readonly string[] = []): string[] | null {
  if (typeof sent !== 'object' || sent === null || typeof read !== 'object' || read === null) return null;
  if (Array.isArray(sent) && !Array.isArray(read)) return [...path];
  for (const [name, value] of Object.entries(read)) {
    const found = arrayAsObject((sent as Record<string, unknown>)[name], value, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}

/** Our own words where the schema has some; never what was received, which may be a secret. */
const detailOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.expected === 'never') return 'Unknown field';
  if (issue.received === 'undefined') return 'Required';
  const ours = issue.message.startsWith('Invalid ') ? null : issue.message;
  return ours ?? (issue.expected === null ? 'Not accepted' : `Expected ${inWords(issue.expected)}`);
};

/** The schema library's own notation of bounds and types. */
const inWords = (expected: string): string =>
  expected
    .replace(/^>=/, 'at least ')
    .replace(/^<=/, 'at most ')
    .replace(/^Object$/, 'an object')
    .replace(/^Array$/, 'a list');
