// Trust boundaries. A function is a set of privileges: operations that need the same ones share one. A function's row says all
// that it may do; lib/derive turns it into IAM statements, nothing is added elsewhere.

import type { KmsKeyName, PlatformSecretName } from './kms_keys.ts';
import type { IndexName } from './table.ts';
import type { Zone } from './zones.ts';

/**
 * By the names of their IAM actions. `PartiQLInsert` creates, and neither overwrites nor deletes: it permits `INSERT` alone, which
 * fails where the key exists (Service Authorization Reference, DynamoDB: "create a new item, if an item with same primary
 * key does not exist"; developer guide, "PartiQL insert statements for DynamoDB"; read 2026-12).
 */
export type TableVerb =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'PartiQLInsert'
  /** Whether a row is so, as part of a transaction: it comes back to nobody. */
  | 'ConditionCheckItem';

export type KeyVerb = 'GenerateDataKey' | 'Decrypt' | 'ReEncryptFrom' | 'ReEncryptTo' | 'ListKeyRotations';

export interface TableGrant<Table extends string = string> {
  readonly table: Table;
  /** Absent: the table itself. */
  readonly index?: IndexName;
  readonly verbs: readonly TableVerb[];
  /** The only kinds of its rows that these verbs reach (IAM condition `dynamodb:LeadingKeys`). Absent: all. */
  readonly rows?: readonly string[];
  /** The only attributes that these verbs may name (IAM condition `dynamodb:Attributes`). Absent: all. */
  readonly attributes?: readonly string[];
  /** Whether rows may be counted alone: none of their attributes comes back (IAM condition `dynamodb:Select`). */
  readonly countsOnly?: true;
}

/**
 * Records that a stream hands over, in Lambda's form: names that lead to a field, and there a list of what it may be
 * (Lambda developer guide, "Using event filtering with a DynamoDB event source", read 2026-11).
 */
export interface EventFilter {
  readonly [name: string]: EventFilter | readonly (string | { readonly exists: boolean })[];
}

export type Trigger<Table extends string = string, Queue extends string = string> =
  | { readonly kind: 'api' }
  | { readonly kind: 'authorizer' }
  | {
      readonly kind: 'streams';
      readonly tables: readonly Table[];
      readonly batchRecords: number;
      /** Of tables that hold much else: the other records would start the function for nothing. Absent: all records. */
      readonly eventFilters?: Readonly<Partial<Record<Table, EventFilter>>>;
    }
  | {
      readonly kind: 'queue';
      readonly queue: Queue;
      readonly batchMessages: number;
      /** Batches that are worked on at once. */
      readonly concurrency: number;
    }
  | { readonly kind: 'schedule'; readonly everyMinutes: number }
  /** Secrets Manager, which asks for new versions of these secrets. */
  | { readonly kind: 'rotation'; readonly secrets: readonly PlatformSecretName[] };

/**
 * Messages of lambdas/kernel/platform/log.ts that are counted from logs: failures in work that goes on, and so ends in no
 * error that Lambda would count. One message of several functions is one metric.
 */
export type CountedMessage =
  | 'authorizer_failed'
  | 'connection_failed'
  | 'connection_refused'
  /** A stranger: counted from the log alone, so that no flood of them fills a table or waits for one. */
  | 'credential_unrecognised'
  | 'deliver_failed'
  | 'event_contradicts'
  | 'event_failed'
  | 'event_unmatched'
  | 'fact_forged'
  | 'ingress_failed'
  | 'lease_failed'
  | 'record_unreadable'
  | 'rewrap_failed'
  | 'rewrap_overdue'
  | 'operation_unresolved'
  | 'update_lost'
  | 'other_region_unhealthy'
  | 'second_region_writes'
  | 'secret_overdue'
  | 'writer_changed'
  | 'reconcile_item_failed';

/** The alarm `<function>-failing` on failures that the function logs and survives. */
export interface FailureAlarm {
  readonly message: CountedMessage;
  /** What has happened when the message is logged. */
  readonly when: string;
  readonly periodMinutes: number;
  /** It goes off when so many periods in a row have such a message. */
  readonly periods: number;
}

/** Names of tables and queues are held to the lists when the capabilities are put together. */
export interface FunctionRow<Table extends string = string, Queue extends string = string> {
  readonly purpose: string;
  /** What users notice when it fails. */
  readonly impact: string;
  readonly trigger: Trigger<Table, Queue>;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  /** `isolated` reaches AWS alone; `egress` reaches payment processors too. */
  readonly network: 'isolated' | 'egress';
  /** Whether it calls merchants' webhook endpoints, on the ports that these may have, instead of processors. */
  readonly callsWebhookEndpoints?: true;
  /**
   * How many instances may run at once, and are reserved for it, where fewer are safer than more. A reservation is taken
   * from all other functions, so those that answer merchants have none: they share the rest.
   */
  readonly reservedConcurrency?: number;
  readonly tables: readonly TableGrant<Table>[];
  readonly keys: Partial<Record<KmsKeyName, readonly KeyVerb[]>>;
  readonly secrets: readonly PlatformSecretName[];
  /** Queues into which it puts messages. */
  readonly sends?: readonly Queue[];
  /** Whether it publishes to the zone's event bus. */
  readonly publishes?: true;
  /** Whether it calls the public address of the zone's other region. */
  readonly callsOtherRegion?: true;
  /** Whether it must know where the test processor is, though it may never call it. */
  readonly namesTestProcessor?: true;
  /** Whether it may make API Gateway keys and put them into the usage plans. */
  readonly makesUsageKeys?: true;
  readonly failureAlarm?: FailureAlarm;
  /** Messages counted in its log besides that of its failure alarm, for alarms that several functions share. */
  readonly countedMessages?: readonly CountedMessage[];
}

/** What Secrets Manager's protocol asks of the function that rotates a secret, besides reading it. */
export const rotationVerbs = ['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'] as const;

/** Every function that answers requests leaves entries of reads and refusals, and seals the address in them. */
export const writesAuditEntries = { table: 'audit', verbs: ['PartiQLInsert'] } as const;

export const sealsAndOpens = { tenant: ['GenerateDataKey', 'Decrypt'] } as const;

/** What every function has that only answers reads: beside its own tables, the day's data key and the audit entry. */
export const answersReads = {
  trigger: { kind: 'api' },
  memoryMiB: 1024,
  timeoutMs: 5_000,
  network: 'isolated',
  keys: sealsAndOpens,
  secrets: [],
} as const;

/** Every function that writes what all regions share first asks whether its region is the zone's writer. */
export const asksForWriter = { table: 'writer', verbs: ['GetItem'] } as const;

/** The tenant's data key of the day: found, or made by whoever comes first. */
export const makesDataKeys = { table: 'data_keys', verbs: ['GetItem', 'PartiQLInsert'] } as const;

/** From one wrapping to the next inside KMS: what is wrapped never comes out. */
export const rewraps = ['ListKeyRotations', 'ReEncryptFrom', 'ReEncryptTo'] as const;

export const withFact = { dynamodb: { NewImage: { fact: { M: { id: { S: [{ exists: true }] } } } } } } as const;

const thisRegion = '{this region}';
const otherRegion = '{the other region}';

/** A row that this region wrote and the zone's other region replaced: in the region that writes, never. */
export const replacedByOtherRegion = {
  dynamodb: {
    OldImage: { origin_region: { S: [thisRegion] } },
    NewImage: { origin_region: { S: [otherRegion] } },
  },
} as const;

/** The text of a filter, as the event source mapping of a function in `region` has it. */
export function filterPattern(filter: EventFilter, { home, second }: Zone, region: string): string {
  const other = region === home ? second : home;
  return JSON.stringify(filter).replaceAll(thisRegion, region).replaceAll(otherRegion, other);
}

export const newlyReceived = {
  eventName: ['INSERT'],
  dynamodb: { NewImage: { status: { S: ['received'] } } },
} as const;
