// DynamoDB's own protocol (AWS JSON 1.0 over HTTP) in front of a journalled database, on 127.0.0.1 alone. An
// answer is sent only once everything that it shows is on disk. Signatures are not checked: the AWS endpoint identifies callers.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DynamoDbError, malformed } from './error.ts';
import { isRecord } from './input.ts';
import type { Journal } from './journal.ts';
import { fromWire, toWire } from './wire.ts';

const targets = /^(?:DynamoDB|DynamoDBStreams)_20120810\.(\w+)$/;
/** The largest request is a batch of 16 MB; JSON and base64 make it longer. */
const mostBodyBytes = 32 * 1024 * 1024;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw new DynamoDbError('RequestEntityTooLarge', 'The request is too large', {}, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const inputOf = (body: string): object => {
  let parsed: unknown;
  try {
    parsed = fromWire(JSON.parse(body));
  } catch (thrown) {
    if (thrown instanceof DynamoDbError) throw thrown;
    throw malformed('The body is not JSON');
  }
  if (isRecord(parsed)) return parsed;
  throw malformed('The body is not a structure');
};

const answer = async (journal: Journal, request: IncomingMessage): Promise<{ status: number; body: string }> => {
  try {
    const [, operation] = targets.exec(String(request.headers['x-amz-target'] ?? '')) ?? [];
    const body = await bodyOf(request);
    if (request.method !== 'POST' || operation === undefined) {
      throw new DynamoDbError('UnknownOperationException', 'The requested operation is not known');
    }
    const output = toWire(journal.call(operation, inputOf(body)));
    await journal.settled();
    return { status: 200, body: output };
  } catch (thrown) {
    if (!(thrown instanceof DynamoDbError)) throw thrown;
    // A refusal shows what is there, too.
    await journal.settled();
    const { name, message, fields, status } = thrown;
    return { status, body: toWire({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, ...fields }) };
  }
};

const send = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
};

export const createDynamoDbServer = (journal: Journal, warn: (thrown: unknown) => void): Server =>
  createServer((request, response) => {
    answer(journal, request)
      .then(({ status, body }) => send(response, status, body))
      .catch((thrown: unknown) => {
        warn(thrown);
        if (response.headersSent) response.destroy();
        else send(response, 500, '{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}');
      });
  });
