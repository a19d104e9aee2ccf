// AWS's JSON protocols, as far as the measured functions speak them: between what goes over a connection and the calls that
// test/kit/aws answers. Both contestants are answered here, so that each pays for the whole of its SDK.

import type { Answer, AwsCall, AwsService } from '../../test/kit/aws/answered.ts';

const services: Readonly<Record<string, AwsService>> = {
  DynamoDB_20120810: 'dynamodb',
  TrentService: 'kms',
  secretsmanager: 'secretsmanager',
  AWSEvents: 'events',
};

/** Names under which bytes travel as base64. */
const binary = new Set(['B', 'CiphertextBlob', 'Plaintext']);

export function callOf(target: string, body: string): AwsCall {
  const [prefix = '', operation = ''] = target.split('.');
  const service = services[prefix];
  if (service === undefined) throw new Error(`No such service: ${target}`);
  const revive = (name: string, value: unknown): unknown =>
    binary.has(name) && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
  return { service, operation, input: JSON.parse(body, revive) as object };
}

/** Bytes as base64, times as seconds. `toJSON` of both would come first, so the holder is asked. */
function asOnTheWire(this: unknown, name: string, value: unknown): unknown {
  const held = (this as Record<string, unknown>)[name];
  if (held instanceof Date) return held.getTime() / 1000;
  return held instanceof Uint8Array ? Buffer.from(held).toString('base64') : value;
}

export interface WireReply {
  readonly status: number;
  readonly text: string;
}

/** Whoever is asked over the wire. */
export type Ask = (target: string, body: string) => Promise<WireReply>;

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export const overWire =
  (answer: Answer): Ask =>
  async (target, body) => {
    try {
      return { status: 200, text: JSON.stringify(await answer(callOf(target, body)), asOnTheWire) };
    } catch (error) {
      const { name, message, $metadata, ...fields } = error as SdkError;
      if ($metadata?.httpStatusCode === undefined) throw error;
      const text = JSON.stringify({ ...fields, __type: name, message }, asOnTheWire);
      return { status: $metadata.httpStatusCode, text };
    }
  };

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('utf8');

/** Stands where an SDK client's connection would: everything up to it, serializing and signing included, is real. */
export const connectionTo = (ask: Ask) => ({
  metadata: { handlerProtocol: 'http/1.1' },
  destroy: () => {},
  updateHttpClientConfig: () => {},
  httpHandlerConfigs: () => ({}),
  async handle({ headers, body }: HttpRequest) {
    const sent = typeof body === 'string' ? body : textOf(body);
    const { status, text } = await ask(headers['x-amz-target'] ?? '', sent);
    return {
      response: {
        statusCode: status,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: Buffer.from(text),
      },
    };
  },
});

/**
 * From `begin` on, asks once for each kind of call and gives the same bytes to every other: what AWS itself costs is no
 * part of a measure.
 */
export function rememberedFrom(ask: Ask): { readonly ask: Ask; begin(): void } {
  let remembered: Map<string, WireReply> | undefined;
  return {
    begin() {
      remembered = new Map();
    },
    async ask(target, body) {
      if (remembered === undefined) return ask(target, body);
      const kind = `${target} ${/"(?:TableName|SecretId)":"([^"]+)"/.exec(body)?.[1]}`;
      const known = remembered.get(kind);
      if (known !== undefined) return known;
      const reply = await ask(target, body);
      remembered.set(kind, reply);
      return reply;
    },
  };
}
