// The parts of AWS that functions use, in memory and without faults: what a call comes to when nothing goes wrong on its
// way. Time and randomness are arguments, so that equal worlds run alike.

import { createHash } from 'node:crypto';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../local/aws/error.ts';
import { Database, DynamoDbError } from '../../local/dynamodb/memory/database.ts';
import { callQueues } from '../../local/queue/operations.ts';
import { Queues } from '../../local/queue/queues.ts';
import { type AwsCall, sdkError } from './answered.ts';
import { account, region, secretArn } from './environment.ts';
import { queueDefinitions } from './queues.ts';
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
}

/** What KMS wraps a 256-bit data key into has this size. */
const wrappedKeyBytes = 184;

interface KmsInput {
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly CiphertextBlob?: Uint8Array;
}

/** Which context a wrapped key was made for. */
const contextOf = ({ EncryptionContext = {} }: KmsInput): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(EncryptionContext).sort()))
    .digest();

/** Data keys that open only under the context that made them: both lie in the wrapped key, for nobody here to hide from. */
function memoryKms(random: MemoryAwsOptions['random'], operation: string, input: KmsInput): object {
  const context = contextOf(input);
  switch (operation) {
    case 'GenerateDataKey': {
      const Plaintext = Buffer.from(random(32));
      return { CiphertextBlob: Buffer.concat([context, Plaintext], wrappedKeyBytes), Plaintext };
    }
    case 'Decrypt': {
      const { CiphertextBlob = new Uint8Array() } = input;
      if (!context.equals(CiphertextBlob.subarray(0, context.length))) {
        throw sdkError('InvalidCiphertextException', 'The ciphertext is not of this key and context.');
      }
      // A copy: whoever gets it wipes it.
      return { Plaintext: Buffer.from(CiphertextBlob.subarray(context.length, context.length + 32)) };
    }
    default:
      throw new Error(`KMS in memory does not know ${operation}`);
  }
}

export function memoryAws({ now, random, keepsHistory = false, shards = 1 }: MemoryAwsOptions): MemoryAws {
  const database = new Database({ region, account, now, keepsHistory, shards });
  for (const definition of tableDefinitions) database.call('CreateTable', definition);
  const queues = new Queues({ definitions: queueDefinitions, now });
  const secret = (): string => JSON.stringify({ current: '1', 1: Buffer.from(random(32)).toString('hex') });
  const secrets = new Map([
    [secretArn('peppers'), secret()],
    [secretArn('digests'), secret()],
  ]);
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
    answer({ service, operation, input }, more) {
      switch (service) {
        case 'dynamodb':
          return asSdkDoes(() => database.call(operation, input, more));
        case 'sqs':
          return asSdkDoes(() => callQueues(queues, operation, input));
        case 'kms':
          return memoryKms(random, operation, input);
        case 'secretsmanager': {
          const { SecretId = '' } = input as { readonly SecretId?: string };
          const SecretString = secrets.get(SecretId);
          if (SecretString === undefined) throw sdkError('ResourceNotFoundException', 'There is no such secret.');
          return { SecretString };
        }
        case 'events': {
          const { Entries = [] } = input as { readonly Entries?: readonly PutEventsRequestEntry[] };
          published.push(...Entries);
          return { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: String(index) })) };
        }
      }
    },
  };
}
