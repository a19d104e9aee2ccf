// Point-in-time recovery (DynamoDB developer guide, "Point-in-time recovery: how it works", and the API reference of
// DescribeContinuousBackups, UpdateContinuousBackups and RestoreTableToPointInTime; read 2026-12-01). A table remembers what each
// of its items was before each write, so that any second of its window can be made again, as another table. As in AWS the newest
// point lies five minutes back, and what is restored has no stream, time to live, recovery or protection. Unlike in AWS a table that
// is deleted leaves no system backup, and a restored table is there at once.

import { ChangeLog } from './change_log.ts';
import { checkedName, definitionOf } from './definition.ts';
import { descriptionOf } from './description.ts';
import { DynamoDbError, invalid } from './error.ts';
import { flagOf, type Input, optionalCount, optionalText, recordOf, textOf } from './input.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { addTable } from './table_calls.ts';
import { storable } from './write_request.ts';

const mostDays = 35;

const described = (store: Store, { recovery }: Table): object => {
  const { now, recoveryLagMs } = store.options;
  const shown =
    recovery === undefined
      ? { PointInTimeRecoveryStatus: 'DISABLED' }
      : {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(recovery.earliest(now())),
          LatestRestorableDateTime: new Date(now() - recoveryLagMs),
        };
  return {
    ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: shown },
  };
};

/** These calls name a table that is not there in another way than the others do. */
function tableIn(store: Store, name: string): Table {
  const found = store.tables.get(name);
  if (found === undefined) throw new DynamoDbError('TableNotFoundException', `Table not found: ${name}`);
  return found;
}

export const describeContinuousBackups = (store: Store, input: Input): object =>
  described(store, tableIn(store, textOf(input.TableName, 'tableName')));

export function updateContinuousBackups(store: Store, input: Input): object {
  const table = tableIn(store, textOf(input.TableName, 'tableName'));
  const given = recordOf(input.PointInTimeRecoverySpecification, 'pointInTimeRecoverySpecification');
  const days = optionalCount(given.RecoveryPeriodInDays, 'recoveryPeriodInDays', 1, mostDays) ?? mostDays;
  const enabled = flagOf(given.PointInTimeRecoveryEnabled, 'pointInTimeRecoveryEnabled');
  table.recovery = enabled ? new ChangeLog(days, store.options.now()) : undefined;
  store.advance();
  return described(store, table);
}

const momentOf = (value: unknown): number => {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value * 1000;
  throw invalid('Either RestoreDateTime or UseLatestRestorableTime must be specified');
};

export function restoreTableToPointInTime(store: Store, input: Input): object {
  const source = tableIn(store, optionalText(input.SourceTableName, 'sourceTableName') ?? '');
  const name = checkedName(input.TargetTableName, 'targetTableName');
  if (store.tables.has(name)) throw new DynamoDbError('TableAlreadyExistsException', `Table already exists: ${name}`);
  const { recovery, definition } = source;
  if (recovery === undefined) {
    throw new DynamoDbError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${definition.name}'`,
    );
  }
  const now = store.options.now();
  const latest = now - store.options.recoveryLagMs;
  const at = input.UseLatestRestorableTime === true ? latest : momentOf(input.RestoreDateTime);
  if (at < recovery.earliest(now) || at > latest) {
    throw new DynamoDbError(
      'InvalidRestoreTimeException',
      'The specified restore time must be between EarliestRestorableDateTime and LatestRestorableDateTime.',
    );
  }
  const { StreamSpecification: _, DeletionProtectionEnabled: __, ...asked } = definition.asked;
  const table = addTable(store, definitionOf({ ...asked, TableName: name }), now);
  store.advance();
  for (const item of recovery.itemsAt(source.items(), definition.keys, at)) {
    const { address, stored } = storable(table, item);
    table.put(address, undefined, stored, store.position);
  }
  table.restored = { SourceTableArn: source.arn, RestoreDateTime: new Date(at), RestoreInProgress: false };
  return { TableDescription: descriptionOf(table, 'ACTIVE') };
}
