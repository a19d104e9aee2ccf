// Trust boundaries. A function is a set of privileges: operations that need the same ones share one.
// What stands here is all that a function may do; lib/derive turns it into IAM statements, nothing is added elsewhere.

import type { KmsKeyName, PlatformSecretName } from './kernel/kms_keys.ts';
import {
  dispatcherLimits,
  moneyLimits,
  processorEventLimits,
  reconcilerLimits,
  relayLimits,
  rewrapLimits,
  rotationLimits,
} from './limits.ts';
import type { QueueName } from './queues.ts';
import type { IndexName, TableName } from './tables.ts';

export type TableVerb = 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan' | 'PutItem' | 'UpdateItem' | 'BatchWriteItem';
export type KeyVerb = 'GenerateDataKey' | 'Decrypt' | 'ReEncryptFrom' | 'ReEncryptTo' | 'ListKeyRotations';

export interface TableGrant {
  readonly table: TableName;
  /** Absent: the table itself. */
  readonly index?: IndexName;
  readonly verbs: readonly TableVerb[];
  /** The only attributes that these verbs may name (IAM condition `dynamodb:Attributes`). Absent: all. */
  readonly attributes?: readonly string[];
  /** Whether rows may be counted alone: none of their attributes comes back (IAM condition `dynamodb:Select`). */
  readonly countsOnly?: true;
}

export type Trigger =
  | { readonly kind: 'api' }
  | { readonly kind: 'authorizer' }
  | { readonly kind: 'streams'; readonly tables: readonly TableName[]; readonly batchRecords: number }
  | {
      readonly kind: 'queue';
      readonly queue: QueueName;
      readonly batchMessages: number;
      /** Batches that are worked on at once. */
      readonly concurrency: number;
    }
  | { readonly kind: 'schedule'; readonly everyMinutes: number }
  /** Secrets Manager, which asks for new versions of these secrets. */
  | { readonly kind: 'rotation'; readonly secrets: readonly PlatformSecretName[] };

/** What Secrets Manager's protocol asks of the function that rotates a secret, besides reading it. */
export const rotationVerbs = ['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'] as const;

export interface FunctionRow {
  readonly purpose: string;
  /** What users notice when it fails. */
  readonly impact: string;
  readonly trigger: Trigger;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  /** `isolated` reaches AWS alone; `egress` reaches payment processors too. */
  readonly network: 'isolated' | 'egress';
  readonly tables: readonly TableGrant[];
  readonly keys: Partial<Record<KmsKeyName, readonly KeyVerb[]>>;
  readonly secrets: readonly PlatformSecretName[];
  /** Queues into which it puts messages. */
  readonly sends?: readonly QueueName[];
  /** Whether it publishes to the zone's event bus. */
  readonly publishes?: true;
  /** Whether it must know where the test processor is, though it may never call it. */
  readonly namesTestProcessor?: true;
  /** Whether it may make API Gateway keys and put them into the usage plans. */
  readonly makesUsageKeys?: true;
}

/** Every function that answers requests leaves entries of reads and refusals, and seals the address in them. */
const writesAuditEntries = { table: 'audit', verbs: ['PutItem'] } as const;
const sealsAndOpens = { tenant: ['GenerateDataKey', 'Decrypt'] } as const;
/** The tenant's data key of the day: found, or made by whoever comes first. */
const makesDataKeys = { table: 'data_keys', verbs: ['GetItem', 'PutItem'] } as const;
/** From one wrapping to the next inside KMS: what is wrapped never comes out. */
const rewraps = ['ListKeyRotations', 'ReEncryptFrom', 'ReEncryptTo'] as const;

export const functions = {
  authorizer: {
    purpose: 'tells who calls, and with which verdict',
    impact: 'no request is answered',
    trigger: { kind: 'authorizer' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    tables: [
      { table: 'tenants', verbs: ['GetItem'] },
      { table: 'tenants', verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'last_used_at'] },
      { table: 'audit', verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'count', 'minute'] },
    ],
    keys: {},
    secrets: ['peppers'],
  },
  read: {
    purpose: 'answers reads',
    impact: 'merchants cannot see payments, keys or events; money still moves',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    tables: [
      { table: 'tenants', verbs: ['GetItem', 'BatchGetItem'] },
      { table: 'tenants', index: 'list', verbs: ['Query'] },
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'Query'] },
      { table: 'payments', index: 'list', verbs: ['Query'] },
      { table: 'events', verbs: ['GetItem', 'Query'] },
      { table: 'webhooks', verbs: ['GetItem', 'Query'] },
      { table: 'providers', verbs: ['GetItem', 'BatchGetItem'] },
      { table: 'providers', index: 'list', verbs: ['Query'] },
      { table: 'audit', verbs: ['Query'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: sealsAndOpens,
    secrets: [],
  },
  tenants: {
    purpose: 'creates and changes tenants and API keys',
    impact: 'tenants and keys cannot be created, rotated or revoked',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [{ table: 'tenants', verbs: ['GetItem', 'PutItem'] }, makesDataKeys, writesAuditEntries],
    keys: sealsAndOpens,
    secrets: ['peppers', 'digests'],
  },
  money: {
    purpose: 'moves money: creates, captures, refunds and voids payments',
    impact: 'no new payment, capture, refund or void is accepted',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: moneyLimits.functionTimeoutMs,
    network: 'egress',
    tables: [
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'PutItem'] },
      { table: 'providers', verbs: ['GetItem'] },
      // Of a customer what lets it pay, and nothing that is known of the person.
      {
        table: 'subjects',
        verbs: ['BatchGetItem'],
        attributes: ['pk', 'sk', 'tenant', 'mode', 'status', 'details'],
      },
      { table: 'subject_keys', verbs: ['BatchGetItem'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    // It opens the credentials of the connection that takes a payment, and the saved method that pays, and seals none.
    keys: { ...sealsAndOpens, pii: ['Decrypt'], secrets: ['Decrypt'] },
    secrets: ['digests'],
  },
  webhooks: {
    purpose: 'creates and changes webhook endpoints, and decides about deliveries',
    impact: 'webhook endpoints cannot be changed; what is delivered goes on being delivered',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [{ table: 'webhooks', verbs: ['GetItem', 'PutItem', 'Query'] }, makesDataKeys, writesAuditEntries],
    keys: { ...sealsAndOpens, secrets: ['GenerateDataKey', 'Decrypt'] },
    secrets: ['digests'],
  },
  deliver: {
    purpose: 'attempts webhook deliveries',
    impact: 'webhooks are late; none is lost',
    trigger: { kind: 'queue', queue: 'deliveries', batchMessages: 10, concurrency: 100 },
    memoryMiB: 512,
    timeoutMs: 30_000,
    network: 'egress',
    tables: [
      { table: 'webhooks', verbs: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'] },
      { table: 'webhooks', index: 'due', verbs: ['Query'] },
      { table: 'events', verbs: ['BatchGetItem', 'Query'] },
      makesDataKeys,
    ],
    // What receivers answer it seals; events it opens to send them.
    keys: { ...sealsAndOpens, secrets: ['Decrypt'] },
    secrets: [],
    sends: ['deliveries'],
  },
  dispatcher: {
    purpose: 'puts webhook deliveries into the queue when they fall due',
    impact: 'repeated attempts of webhook deliveries are late; none is lost',
    trigger: { kind: 'schedule', everyMinutes: dispatcherLimits.everyMinutes },
    memoryMiB: 512,
    timeoutMs: 55_000,
    network: 'isolated',
    tables: [{ table: 'webhooks', index: 'due', verbs: ['Query'] }],
    keys: {},
    secrets: [],
    sends: ['deliveries'],
  },
  connections: {
    purpose: 'connects payment processors: seals their credentials, and can open none',
    impact: 'processors cannot be connected or disconnected; those that are connected go on',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [
      { table: 'providers', verbs: ['GetItem', 'PutItem', 'BatchGetItem'] },
      { table: 'providers', index: 'list', verbs: ['Query'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: { ...sealsAndOpens, secrets: ['GenerateDataKey'] },
    secrets: ['digests'],
  },
  customers: {
    purpose: 'keeps customers and their saved payment methods, and alone may read what is known of a person',
    impact: 'customers cannot be created, read, changed or deleted; payments go on',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [
      { table: 'subjects', verbs: ['BatchGetItem', 'PutItem'] },
      { table: 'subjects', index: 'list', verbs: ['Query'] },
      { table: 'subjects', index: 'lookup', verbs: ['Query'] },
      { table: 'subject_keys', verbs: ['BatchGetItem', 'PutItem'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: { ...sealsAndOpens, pii: ['GenerateDataKey', 'Decrypt'] },
    secrets: ['digests'],
  },
  processor_webhooks: {
    purpose: 'takes in what payment processors tell, once its signature is verified',
    impact: 'processors are not answered and tell again later; payments that wait for them are settled late',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    namesTestProcessor: true,
    tables: [
      { table: 'providers', verbs: ['GetItem', 'PutItem'] },
      makesDataKeys,
      writesAuditEntries,
      { table: 'audit', verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'count', 'minute'] },
    ],
    keys: { ...sealsAndOpens, secrets: ['Decrypt'] },
    secrets: [],
  },
  processor_events: {
    purpose: 'settles payments by what their processors told',
    impact: 'payments whose outcome comes late stay processing until the sweeper asks',
    trigger: { kind: 'streams', tables: ['providers'], batchRecords: processorEventLimits.batchRecords },
    memoryMiB: 1024,
    timeoutMs: 60_000,
    network: 'isolated',
    tables: [
      { table: 'providers', verbs: ['GetItem', 'PutItem'] },
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'PutItem', 'Query'] },
      makesDataKeys,
    ],
    keys: sealsAndOpens,
    secrets: [],
  },
  relay: {
    purpose: 'turns committed facts into events, audit entries and bus events',
    impact: 'events, audit entries and what follows from them are late; nothing is lost',
    trigger: {
      kind: 'streams',
      tables: ['tenants', 'payments', 'webhooks', 'providers', 'subjects', 'maintenance'],
      batchRecords: relayLimits.batchRecords,
    },
    memoryMiB: 1024,
    timeoutMs: 30_000,
    network: 'isolated',
    tables: [
      { table: 'events', verbs: ['BatchWriteItem'] },
      { table: 'audit', verbs: ['BatchWriteItem'] },
      { table: 'webhooks', verbs: ['Query'] },
    ],
    keys: {},
    secrets: [],
    sends: ['deliveries'],
    publishes: true,
  },
  usage_key_provisioner: {
    purpose: 'gives each new tenant its own rate limits',
    impact: 'new tenants share the rate limits of newcomers',
    trigger: { kind: 'streams', tables: ['tenants'], batchRecords: 10 },
    memoryMiB: 512,
    timeoutMs: 60_000,
    network: 'egress',
    tables: [],
    keys: {},
    secrets: [],
    makesUsageKeys: true,
  },
  docs: {
    purpose: 'shows the documentation; may do nothing else',
    impact: 'the API’s documentation cannot be read',
    trigger: { kind: 'api' },
    memoryMiB: 256,
    timeoutMs: 3_000,
    network: 'isolated',
    tables: [],
    keys: {},
    secrets: [],
  },
  rotator: {
    purpose: 'adds new versions to platform secrets, and retires those that nothing stored names any more',
    impact: 'platform secrets grow older than is promised; everything that they protect goes on',
    trigger: { kind: 'rotation', secrets: ['peppers', 'digests'] },
    memoryMiB: 512,
    timeoutMs: rotationLimits.functionTimeoutMs,
    network: 'isolated',
    tables: [{ table: 'tenants', verbs: ['Scan'], attributes: ['secret_hmac'], countsOnly: true }],
    keys: {},
    secrets: ['peppers', 'digests'],
  },
  rewrapper: {
    purpose: 'wraps data keys anew after a rotation of what wraps them, and can open none',
    impact: 'data keys stay wrapped under older material of their KMS keys; everything goes on being opened',
    trigger: { kind: 'schedule', everyMinutes: rewrapLimits.everyMinutes },
    memoryMiB: 512,
    timeoutMs: rewrapLimits.functionTimeoutMs,
    network: 'isolated',
    tables: [
      { table: 'data_keys', verbs: ['Scan'] },
      { table: 'data_keys', verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'wrapped', 'wrapped_at'] },
      { table: 'maintenance', verbs: ['Query', 'PutItem'] },
    ],
    keys: { tenant: rewraps, pii: rewraps, secrets: rewraps },
    secrets: [],
  },
  reconciler: {
    purpose: 'settles what crashed or stayed unknown',
    impact: 'payments whose outcome was unknown stay processing',
    trigger: { kind: 'schedule', everyMinutes: reconcilerLimits.everyMinutes },
    memoryMiB: 1024,
    timeoutMs: 55_000,
    network: 'egress',
    tables: [
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'PutItem', 'Query'] },
      { table: 'payments', index: 'due', verbs: ['Query'] },
      { table: 'providers', verbs: ['GetItem', 'PutItem'] },
      { table: 'providers', index: 'due', verbs: ['Query'] },
      makesDataKeys,
    ],
    // It opens the credentials of the connection that took a payment, and seals none.
    keys: { ...sealsAndOpens, secrets: ['Decrypt'] },
    secrets: [],
  },
} as const satisfies Record<string, FunctionRow>;

export type FunctionName = keyof typeof functions;
