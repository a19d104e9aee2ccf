// What functions ask of AWS in tests that run their code without the local cloud: under the names of test/kit/aws/environment.ts,
// once for each shape of call. It must cost next to nothing, as it hears of every call of a simulation; what varies in
// value alone (keys of items, contexts of encryption) is left out, so that a policy which compared it would refuse.

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { tables } from '../../contract/capabilities.ts';
import { indexKeys, patternOf, type Table } from '../../contract/kernel/table.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { dynamodbAccesses, type KnownTables } from '../../local/dynamodb/access.ts';
import { insertOf } from '../../local/dynamodb/insert.ts';
import type { Access } from '../../local/endpoint/access.ts';
import { kmsAccesses } from '../../local/kms/access.ts';
import { actionOf } from '../../local/sqs/operations.ts';
import type { AwsCall, AwsService } from '../../test/kit/aws/answered.ts';
import { account, region } from '../../test/kit/aws/environment.ts';
import { recordingsFolder } from './recordings_folder.ts';

/** One line of such a recording. */
export const NamedAccess = v.strictObject({
  function: v.string(),
  action: v.string(),
  /** ARN under the environment's names. */
  resource: v.string(),
  keys: v.record(v.string(), v.array(v.string())),
});
export type NamedAccess = v.InferOutput<typeof NamedAccess>;

export interface Recorder {
  /** Whatever the answer to the call is going to be. */
  record(functionName: string, call: AwsCall): void;
  /** What a call asks for, where somebody else has found that out. */
  note(functionName: string, access: Access): void;
  close(): void;
}

type Attributes = Readonly<Record<string, unknown>>;

/** Of inputs, what decides what they ask for. */
interface Part {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly Keys?: readonly Attributes[];
  readonly ProjectionExpression?: string;
  readonly FilterExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly Select?: string;
  readonly ReturnValues?: string;
  readonly ReturnConsumedCapacity?: string;
}
interface WriteRequest {
  readonly PutRequest?: { readonly Item?: Attributes };
  readonly DeleteRequest?: { readonly Key?: Attributes };
}
interface Input extends Part {
  readonly TransactItems?: readonly Readonly<Record<string, Part | undefined>>[];
  readonly RequestItems?: Readonly<Record<string, Part | readonly WriteRequest[]>>;
  readonly Statements?: readonly { readonly Statement: string; readonly Parameters: readonly unknown[] }[];
  readonly KeyId?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly SourceKeyId?: string;
  readonly SourceEncryptionContext?: Readonly<Record<string, string>>;
  readonly DestinationKeyId?: string;
  readonly DestinationEncryptionContext?: Readonly<Record<string, string>>;
  readonly SecretId?: string;
  readonly VersionStage?: string;
  readonly QueueUrl?: string;
  readonly Entries?: readonly { EventBusName?: string; Source?: string; DetailType?: string }[];
}

const names = (attributes: Attributes | undefined): string =>
  attributes === undefined ? '' : Object.keys(attributes).join();

/** In no order and once each: a batch asks for what its items ask for together. */
const together = (shapes: readonly string[]): string => [...new Set(shapes)].sort().join(';');

/** Of partitions a policy looks at the kind of row alone, by these patterns, the narrowest first; more would be a line for each row. */
const patterns = Object.values(tables as Readonly<Record<string, Table>>)
  .flatMap(({ rows }) => Object.values(rows).flatMap(({ partitions }) => partitions))
  .map((pattern) => ({ pattern, matches: patternOf(pattern) }))
  .sort((one, other) => other.pattern.length - one.pattern.length);
const partitionOf = (value: string): string => patterns.find(({ matches }) => matches.test(value))?.pattern ?? '*';

const Partition = v.object({ pk: v.object({ S: v.string() }) });
const partitionShape = (row: Attributes | undefined): string => {
  const parsed = v.safeParse(Partition, row);
  return parsed.success ? partitionOf(parsed.output.pk.S) : '';
};

const partShape = (part: Part): string =>
  [
    part.TableName,
    part.IndexName,
    names(part.Key),
    names(part.Item),
    partitionShape(part.Key ?? part.Item),
    part.Keys && together(part.Keys.map(names)),
    part.ProjectionExpression,
    part.FilterExpression,
    part.KeyConditionExpression,
    part.ConditionExpression,
    part.UpdateExpression,
    names(part.ExpressionAttributeNames),
    part.ExpressionAttributeNames && Object.values(part.ExpressionAttributeNames).join(),
    part.Select,
    part.ReturnValues,
    part.ReturnConsumedCapacity,
  ].join('|');

const isWrites = (requests: Part | readonly WriteRequest[]): requests is readonly WriteRequest[] =>
  Array.isArray(requests);

const requestsShape = (requests: Part | readonly WriteRequest[]): string =>
  isWrites(requests)
    ? together(requests.map(({ PutRequest, DeleteRequest }) => names(PutRequest?.Item ?? DeleteRequest?.Key)))
    : partShape(requests);

/** Calls of one shape ask for the same. */
const shapeOf: Readonly<Record<AwsService, (input: Input) => string>> = {
  dynamodb(input) {
    let shape = partShape(input);
    for (const item of input.TransactItems ?? [])
      for (const part in item) shape += ` ${part}:${partShape(item[part] ?? {})}`;
    for (const { Statement, Parameters } of input.Statements ?? [])
      shape += ` ${Statement}:${partitionShape(insertOf(Statement, Parameters)?.item)}`;
    for (const table in input.RequestItems) shape += ` ${table}:${requestsShape(input.RequestItems[table] ?? [])}`;
    return shape;
  },
  kms: ({ KeyId, EncryptionContext, SourceKeyId, DestinationKeyId, ...more }) =>
    [KeyId, names(EncryptionContext), SourceKeyId, names(more.SourceEncryptionContext), DestinationKeyId].join(' '),
  secretsmanager: ({ SecretId, VersionStage }) => `${SecretId} ${VersionStage}`,
  sqs: ({ QueueUrl }) => `${QueueUrl}`,
  events: ({ Entries = [] }) =>
    together(Entries.map(({ EventBusName, Source, DetailType }) => `${EventBusName} ${Source} ${DetailType}`)),
};

const known: KnownTables = new Map(
  Object.entries(tables).map(([name, { indexes }]: [string, Table]) => [
    name,
    {
      partitionKey: 'pk',
      indexes: Object.fromEntries(indexes.map((index) => [index, indexKeys[index].partition])),
      // AWS's own part of a call is the local cloud's to perform.
      opening: [],
    },
  ]),
);

const accessesOf: Readonly<Record<AwsService, (operation: string, input: Input) => readonly Access[]>> = {
  dynamodb: (operation, input) =>
    dynamodbAccesses(
      { operation, target: operation, region, headers: {}, body: Buffer.alloc(0), input },
      account,
      known,
    ),
  kms(operation, input) {
    const use = (keyArn: string | undefined, context: Readonly<Record<string, string>> = {}) => {
      if (keyArn === undefined) throw new Error(`kms: ${operation} names no key, so nobody can say what it asks for`);
      return { keyArn, context };
    };
    const { KeyId, EncryptionContext, SourceKeyId, DestinationKeyId } = input;
    if (operation !== 'ReEncrypt') return kmsAccesses(operation, { source: use(KeyId, EncryptionContext) });
    return kmsAccesses(operation, {
      source: use(SourceKeyId, input.SourceEncryptionContext),
      destination: use(DestinationKeyId, input.DestinationEncryptionContext),
    });
  },
  secretsmanager: (operation, { SecretId = '', VersionStage = 'AWSCURRENT' }) => [
    {
      action: `secretsmanager:${operation}`,
      resource: SecretId,
      conditionKeys: { 'secretsmanager:VersionStage': [VersionStage] },
    },
  ],
  sqs: (operation, { QueueUrl = '' }) => [
    {
      action: actionOf(operation),
      resource: `arn:aws:sqs:${region}:${account}:${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`,
      conditionKeys: {},
    },
  ],
  events: (operation, { Entries = [] }) =>
    Entries.map(({ EventBusName = 'default', Source = '', DetailType = '' }) => ({
      action: `events:${operation}`,
      resource: `arn:aws:events:${region}:${account}:event-bus/${EventBusName}`,
      conditionKeys: { 'events:source': [Source], 'events:detail-type': [DetailType] },
    })),
};

const isOfValues = (key: string): boolean => key.startsWith('kms:EncryptionContext:');

const lineOf = (functionName: string, { action, resource, conditionKeys }: Access): string => {
  const keys = Object.keys(conditionKeys)
    .filter((key) => !isOfValues(key))
    .sort()
    .flatMap((key): [string, string[]][] => {
      const values = conditionKeys[key];
      if (values === undefined) return [];
      const seen = key === 'dynamodb:LeadingKeys' ? values.map(partitionOf) : values;
      return [[key, [...new Set(seen)].sort()]];
    });
  const access: NamedAccess = { function: functionName, action, resource, keys: Object.fromEntries(keys) };
  return JSON.stringify(access);
};

/** Appends to `file`, line by line, at once. */
export function createRecorder(file: string): Recorder {
  mkdirSync(dirname(file), { recursive: true });
  const opened = openSync(file, 'a', 0o600);
  const shapes = new Set<string>();
  const written = new Set<string>();
  const note = (functionName: string, access: Access): void => {
    const line = lineOf(functionName, access);
    if (written.has(line)) return;
    written.add(line);
    writeSync(opened, `${line}\n`);
  };
  return {
    note,
    record(functionName, { service, operation, input }) {
      const shape = `${functionName} ${operation} ${shapeOf[service](input)}`;
      if (shapes.has(shape)) return;
      shapes.add(shape);
      for (const access of accessesOf[service](operation, input)) note(functionName, access);
    },
    close: () => closeSync(opened),
  };
}

type Commanded = { readonly constructor: { readonly name: string }; readonly input: object };

/** The platform as the function sees it, with every call of its own written down. */
export function recorded(platform: Platform, functionName: string): Platform {
  const folder = recordingsFolder();
  if (folder === undefined) return platform;
  const recorder = createRecorder(join(folder, `${functionName}-${process.hrtime.bigint()}.jsonl`));
  const watched = <Client extends { send(...args: never[]): unknown }>(client: Client, service: AwsService): Client =>
    new Proxy(client, {
      get(target, property) {
        if (property !== 'send') return Reflect.get(target, property, target);
        return (command: Commanded, ...more: unknown[]) => {
          const operation = command.constructor.name.replace(/Command$/, '');
          recorder.record(functionName, { service, operation, input: command.input });
          return Reflect.apply(target.send, target, [command, ...more]);
        };
      },
    });
  return {
    ...platform,
    dynamodb: watched(platform.dynamodb, 'dynamodb'),
    kms: watched(platform.kms, 'kms'),
    secretsManager: watched(platform.secretsManager, 'secretsmanager'),
    eventBridge: watched(platform.eventBridge, 'events'),
    sqs: watched(platform.sqs, 'sqs'),
  };
}
