// The engines that one suite runs against, each behind the same call: ours in process and over HTTP, dynoxide, and AWS's
// own DynamoDB Local. Over HTTP the SDK's real client speaks, so that what is compared is what functions see.

import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-dynamodb';
import { EngineError } from '../../../local/dynamodb/client.ts';
import { chooseEngine, type Engine, type EngineName, hasEngine, startEngine } from '../../../local/dynamodb/engine.ts';
import { Database, DynamoDbError } from '../../../local/dynamodb/memory/database.ts';
import { fromWire, toWire } from '../../../local/dynamodb/memory/wire.ts';
import { openState } from '../../../local/storage/state.ts';

export type Name = EngineName | 'in process';
/** What others wrote changes only with its version: `npm run conformance` asks those engines too. */
export const names: readonly Name[] = [
  'in process',
  'memory',
  ...(process.env.MODE === 'every-engine' ? (['dynoxide', 'DynamoDB Local'] as const) : []),
];

/** What an engine gave: an output, or an error's name with what else it carries. */
export interface Given {
  readonly output?: object;
  readonly error?: string;
  readonly fields?: unknown;
}

export interface Subject {
  call(operation: string, input: object): Promise<Given>;
  stop(): Promise<void>;
}

export const runsHere = (name: Name): boolean => name === 'in process' || hasEngine(name);

type Command = ConstructorParameters<typeof sdk.GetItemCommand>[0];
type CommandClass = new (input: Command) => sdk.GetItemCommand;

const commandOf = (operation: string, input: object): sdk.GetItemCommand => {
  const Class = (sdk as unknown as Readonly<Record<string, CommandClass>>)[`${operation}Command`];
  if (Class === undefined) throw new Error(`The SDK has no ${operation}Command`);
  return new Class(input as Command);
};

/** The order of a set means nothing; what is undefined is not there. */
export const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => each !== undefined && name !== '$metadata')
      .map(([name, each]) => [
        name,
        /^[SNB]S$/.test(name) && Array.isArray(each) ? each.map(plain).sort() : plain(each),
      ]),
  );
};

const plainOutput = (output: object): object => ({ ...(plain(output) ?? {}) });

/** What exceptions carry that the suite looks at. */
const fieldsOf = (thrown: object): unknown => {
  const { Item, CancellationReasons } = thrown as { Item?: unknown; CancellationReasons?: readonly object[] };
  const reasons = CancellationReasons?.map((reason) => ({ ...reason, Message: undefined }));
  return plain({ Item, CancellationReasons: reasons });
};

const inProcess = (): Subject => {
  const database = new Database({ region: 'us-east-1', account: '000000000000', now: Date.now });
  return {
    async call(operation, input) {
      try {
        return { output: plainOutput(database.call(operation, input)) };
      } catch (thrown) {
        if (!(thrown instanceof DynamoDbError)) throw thrown;
        return { error: thrown.name, fields: fieldsOf(thrown.fields) };
      }
    },
    async stop() {},
  };
};

const streams = new Set(['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords']);

const overHttp = (engine: Engine): Subject => {
  const client = new sdk.DynamoDBClient({
    endpoint: `http://127.0.0.1:${engine.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  });
  return {
    async call(operation, input) {
      try {
        // The SDK keeps streams in a package that we don't need otherwise.
        if (streams.has(operation)) {
          const sent = JSON.parse(toWire(input));
          const given = fromWire(await engine.client.call(`DynamoDBStreams_20120810.${operation}`, sent));
          return { output: plainOutput({ ...(given ?? {}) }) };
        }
        return { output: plainOutput(await client.send(commandOf(operation, input))) };
      } catch (thrown) {
        if (thrown instanceof EngineError) return { error: thrown.code };
        if (!(thrown instanceof sdk.DynamoDBServiceException)) throw thrown;
        return { error: thrown.name, fields: fieldsOf(thrown) };
      }
    },
    async stop() {
      client.destroy();
      await engine.stop();
    },
  };
};

export const startSubject = async (name: Name): Promise<Subject> => {
  if (name === 'in process') return inProcess();
  // In memory where there is such a folder: what a disk costs is not what this suite is about.
  const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const state = await openState(mkdtempSync(join(folder, 'dynamodb-')));
  const subject = overHttp(await startEngine('us', 'us-east-1', state, chooseEngine(name)));
  return {
    call: subject.call,
    async stop() {
      await subject.stop();
      await rm(state.path, { recursive: true, force: true });
    },
  };
};
