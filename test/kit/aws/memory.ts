// The parts of AWS that functions use, in memory and without faults: what a call comes to when nothing goes wrong on its
// way. Time and randomness are arguments, so that equal worlds run alike.

import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { Database, DynamoDbError } from '../../../local/dynamodb/memory/database.ts';
import { AwsError } from '../../../local/endpoint/error.ts';
import { callQueues } from '../../../local/sqs/operations.ts';
import { Queues } from '../../../local/sqs/queues.ts';
import { type AwsCall, sdkError } from './answered.ts';
import { account, region as home } from './environment.ts';
import { memoryKms } from './kms.ts';
import { queueDefinitions } from './queues.ts';
import { memorySecrets } from './secrets.ts';
import { tableDefinitions } from './tables.ts';

export interface MemoryAws {
  readonly database: Database;
  readonly queues: Queues;
  /** What lies on the zone's bus. */
  readonly published: readonly PutEventsRequestEntry[];
  /** Whole and at once. `asOf`: how old an eventually consistent read is. Throws as the SDK does. */
  answer(call: AwsCall, more?: { readonly asOf?: number }): object;
  /** A transaction that holds its items until it ends. Throws as the SDK does. */
  begin(call: AwsCall): { commit(): object };
}

export interface MemoryAwsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly keepsHistory?: boolean;
  /** Of each stream. */
  readonly shards?: number;
  /** Absent: the home of the zone. */
  readonly region?: string;
}

export function memoryAws({
  now,
  random,
  keepsHistory = false,
  shards = 1,
  region = home,
}: MemoryAwsOptions): MemoryAws {
  const database = new Database({ region, account, now, keepsHistory, shards });
  for (const definition of tableDefinitions) database.call('CreateTable', definition);
  const queues = new Queues({ definitions: queueDefinitions, now });
  const kms = memoryKms({ now, random });
  const secrets = memorySecrets(now, random);
  const published: PutEventsRequestEntry[] = [];
  const asSdkDoes = <T>(ask: () => T): T => {
    try {
      return ask();
    } catch (error) {
      if (error instanceof AwsError) throw sdkError(error.name, error.message, { status: error.status });
      if (!(error instanceof DynamoDbError)) throw error;
      throw sdkError(error.name, error.message, { status: error.status, fields: error.fields });
    }
  };
  return {
    database,
    queues,
    published,
    begin({ input }) {
      const transaction = asSdkDoes(() => database.begin(input));
      return { commit: () => asSdkDoes(() => transaction.commit()) };
    },
    answer({ service, operation, input, trace }, more) {
      switch (service) {
        case 'dynamodb':
          return asSdkDoes(() => database.call(operation, input, more));
        case 'sqs':
          return asSdkDoes(() => callQueues(queues, operation, input, trace));
        case 'kms':
          return kms.answer(operation, input);
        case 'secretsmanager':
          return secrets.answer(operation, input);
        case 'events': {
          const { Entries = [] } = input as { readonly Entries?: readonly PutEventsRequestEntry[] };
          published.push(...Entries);
          return { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: String(index) })) };
        }
      }
    },
  };
}
