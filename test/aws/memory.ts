// The parts of AWS that functions use, in memory and without faults: what a call comes to when nothing goes wrong on its
// way. Time and randomness are arguments, so that equal worlds run alike.

import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { Database, DynamoDbError } from '../../local/dynamodb/memory/database.ts';
import { type AwsCall, sdkError } from './answered.ts';
import { account, region, secretArn } from './environment.ts';
import { tableDefinitions } from './tables.ts';

export interface MemoryAws {
  readonly database: Database;
  /** What lies on the zone's bus. */
  readonly published: readonly PutEventsRequestEntry[];
  /** Whole and at once. `asOf`: how old an eventually consistent read is. Throws as the SDK does. */
  answer(call: AwsCall, more?: { readonly asOf?: number }): object;
}

export interface MemoryAwsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly keepsHistory?: boolean;
}

/** What KMS wraps a 256-bit data key into has this size. */
const wrappedKeyBytes = 184;

interface KmsInput {
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly CiphertextBlob?: Uint8Array;
}

/** Data keys that open only under the context that made them. */
function memoryKms(random: MemoryAwsOptions['random']) {
  const keys = new Map<string, { readonly plaintext: Uint8Array; readonly context: string }>();
  const contextOf = ({ EncryptionContext = {} }: KmsInput): string =>
    JSON.stringify(Object.entries(EncryptionContext).sort());
  return (operation: string, input: KmsInput): object => {
    switch (operation) {
      case 'GenerateDataKey': {
        const CiphertextBlob = Buffer.alloc(wrappedKeyBytes, random(32));
        const plaintext = Buffer.from(random(32));
        keys.set(CiphertextBlob.toString('hex'), { plaintext, context: contextOf(input) });
        return { CiphertextBlob, Plaintext: plaintext };
      }
      case 'Decrypt': {
        const found = keys.get(Buffer.from(input.CiphertextBlob ?? []).toString('hex'));
        if (found?.context !== contextOf(input)) {
          throw sdkError('InvalidCiphertextException', 'The ciphertext is not of this key and context.');
        }
        return { Plaintext: found.plaintext };
      }
      default:
        throw new Error(`KMS in memory does not know ${operation}`);
    }
  };
}

export function memoryAws({ now, random, keepsHistory = false }: MemoryAwsOptions): MemoryAws {
  const database = new Database({ region, account, now, keepsHistory });
  for (const definition of tableDefinitions) database.call('CreateTable', definition);
  const kms = memoryKms(random);
  const secret = (): string => JSON.stringify({ current: '1', 1: Buffer.from(random(32)).toString('hex') });
  const secrets = new Map([
    [secretArn('peppers'), secret()],
    [secretArn('digests'), secret()],
  ]);
  const published: PutEventsRequestEntry[] = [];
  const dynamodb = (operation: string, input: object, asOf: number | undefined): object => {
    try {
      return database.call(operation, input, asOf === undefined ? undefined : { asOf });
    } catch (error) {
      if (!(error instanceof DynamoDbError)) throw error;
      throw sdkError(error.name, error.message, { status: error.status, fields: error.fields });
    }
  };
  return {
    database,
    published,
    answer({ service, operation, input }, more) {
      switch (service) {
        case 'dynamodb':
          return dynamodb(operation, input, more?.asOf);
        case 'kms':
          return kms(operation, input);
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
