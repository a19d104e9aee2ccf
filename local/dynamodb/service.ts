// DynamoDB and its streams for one region: calls pass to the region's engine byte for byte, and its answers come back as a
// stream. This is the hot path: one buffered request, one kept-alive connection, nothing else.

import { Agent, request } from 'node:http';
import type { Readable } from 'node:stream';
import { AwsError } from '../endpoint/error.ts';
import type { Call, Reply, Service } from '../endpoint/service.ts';
import { localLimits } from '../host/limits.ts';
import { loopback } from '../host/ports.ts';
import { dynamodbAccesses, type KnownTables } from './access.ts';
import { beginStrong, type StrongTables } from './strong_tables.ts';

const writes = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'BatchExecuteStatement',
]);
const passedOn = [
  'content-type',
  'x-amz-target',
  'x-amz-date',
  'authorization',
  'x-amz-security-token',
  'accept-encoding',
];

const headersOf = (call: Call): Record<string, string> => {
  const headers: Record<string, string> = { 'content-length': String(call.body.length) };
  for (const name of passedOn) {
    const value = call.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
};

export interface DynamoDbOptions {
  readonly enginePort: number;
  readonly account: string;
  readonly tables: KnownTables;
  /** Called after every write that the engine answered: streams look at once instead of at their next turn. */
  readonly onWrite: () => void;
  /** Where tables are that all regions of the zone share. Absent: there are none. */
  readonly strong?: StrongTables | undefined;
}

export const createDynamoDb = ({ enginePort, account, tables, onWrite, strong }: DynamoDbOptions): Service => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });

  const forward = (call: Call, port: number): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: loopback,
          port,
          method: 'POST',
          path: '/',
          agent,
          headers: headersOf(call),
          timeout: localLimits.engineCallMs,
        },
        (incoming) => {
          const headers: Record<string, string> = {};
          for (const name of [
            'content-type',
            'content-length',
            'x-amzn-requestid',
            'x-amz-crc32',
            'content-encoding',
          ]) {
            const value = incoming.headers[name];
            if (typeof value === 'string') headers[name] = value;
          }
          if (writes.has(call.operation)) onWrite();
          resolve({ status: incoming.statusCode ?? 500, headers, body: incoming as Readable });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')));
      outgoing.on('error', (thrown) => {
        reject(new AwsError('InternalServerError', `The DynamoDB engine of ${call.region}: ${thrown.message}.`, 500));
      });
      outgoing.end(call.body);
    });

  return {
    targets: ['DynamoDB_20120810', 'DynamoDBStreams_20120810'],
    accesses: (call) => dynamodbAccesses(call, account, tables),
    answer(call) {
      const end = strong && beginStrong(call, tables, strong);
      return strong && end ? forward(call, strong.enginePort).finally(end) : forward(call, enginePort);
    },
  };
};
