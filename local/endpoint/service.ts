// What the AWS endpoint passes to a service, and what the service returns.

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import * as v from 'valibot';
import type { Access } from './access.ts';
import { AwsError } from './error.ts';

export interface Call {
  readonly operation: string;
  /** X-Amz-Target; of REST services path and query. */
  readonly target: string;
  readonly region: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as JSON, parsed once. */
  readonly input: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

export interface Service {
  /** The prefix of X-Amz-Target that it answers. */
  readonly targets: readonly string[];
  /** Of REST services alone, whose operations are methods and paths; undefined: none that is run. */
  readonly operationOf?: (method: string, url: string) => string | undefined;
  /** Everything that the call must be allowed to do. */
  accesses(call: Call): readonly Access[];
  answer(call: Call): Promise<Reply>;
}

/** Services of one region by their SigV4 name. */
export type Services = Readonly<Record<string, Service>>;

export const json = (value: unknown): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(value),
});

/** Parses a call's input; what doesn't fit is the service's ValidationException. */
export const inputOf = <Schema extends v.GenericSchema>(schema: Schema, call: Call): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, call.input);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AwsError('ValidationException', `${v.getDotPath(issue) ?? 'The input'}: ${issue.message}`);
};

export const unknownOperation = (service: string, operation: string): AwsError =>
  new AwsError('UnknownOperationException', `${service}: the operation ${operation} is not run locally.`);
