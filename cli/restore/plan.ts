// How a zone's tables are restored to a point in time, as the calls that do it, in their order. Nothing here asks AWS or changes
// anything. Keys are restored to the newest point there is, whatever the others are restored to: an earlier one would bring back keys
// of persons that were destroyed since, and hold none that newer rows need. So is the trail: what happened stays on record, and a fact
// that its relay had not told by that point in time is told in it.

import { type TableName, tables } from '../../contract/capabilities.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { keyAlias, tableName, type ZoneDeployment } from '../../lib/derive/names.ts';
import { commandText, type Operation } from './operations.ts';

export interface Step {
  readonly what: string;
  readonly operations: readonly Operation[];
  /** What else is done, as commands of a shell. */
  readonly commands: readonly string[];
}

export interface RestoredTable {
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
}

export interface RestorePlan {
  /** UTC. */
  readonly at: Date;
  /** In the order in which they are restored. */
  readonly restored: readonly RestoredTable[];
  readonly restore: Step;
  readonly wait: Step;
  readonly settings: Step;
  /** What `run` does by itself after that, and what people do. */
  readonly after: readonly Step[];
  /** What stands in strongroom.config.ts for the zone afterwards. */
  readonly tableNames: Readonly<Record<string, string>>;
}

/** The lease of the writer's region is made anew: one of another time names a region that may write no more. */
const wanted = (Object.entries(tables) as [TableName, Table][]).filter(
  ([, { consistency }]) => consistency !== 'strong',
);

const keys: readonly TableName[] = ['subject_keys', 'data_keys'];
const trail: readonly TableName[] = ['audit', 'events'];
export const isNewest = (name: TableName): boolean => keys.includes(name) || trail.includes(name);

/** Keys first: what is sealed under a key that is not there opens nowhere. */
const ordered = [...wanted].sort(([a], [b]) => Number(keys.includes(b)) - Number(keys.includes(a)));

/** @param at the point in time, UTC */
export function restorePlan(deployment: ZoneDeployment, at: Date): RestorePlan {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  const { otherRegion, stage, zone } = deployment;
  const KMSMasterKeyId = keyAlias(deployment, 'data');
  const restored = ordered.map(([table]): RestoredTable => {
    const from = tableName(deployment, table);
    return { table, from, to: `${from.replace(/-restored-\w+$/, '')}-restored-${stamp}` };
  });
  const restore = restored.map(({ table, from, to }): Operation => {
    const point = isNewest(table) ? { UseLatestRestorableTime: true } : { RestoreDateTime: at };
    const SSESpecificationOverride = { Enabled: true, SSEType: 'KMS', KMSMasterKeyId } as const;
    const input = { SourceTableName: from, TargetTableName: to, ...point, SSESpecificationOverride };
    return { call: 'RestoreTableToPointInTime', input };
  });
  // What a restored table has not (DynamoDB guide, "Point-in-time recovery: how it works", read 2026-12-01).
  const settings = restored.flatMap(({ table, to: TableName }) =>
    settingsOf(
      tables[table],
      TableName,
      otherRegion === undefined ? undefined : { RegionName: otherRegion, KMSMasterKeyId },
    ),
  );
  const step = (what: string, operations: readonly Operation[] = [], commands: readonly string[] = []): Step => ({
    ...{ what, operations, commands },
  });
  return {
    at,
    restored,
    tableNames: Object.fromEntries(restored.map(({ table, to }) => [table, to])),
    restore: step(
      'Restore the tables under new names, side by side. The old ones stay as they are. A table that was deleted is restored from its system backup (aws dynamodb list-backups --backup-type SYSTEM) or from the vault instead.',
      restore,
    ),
    wait: step(
      'Wait for each; how long depends on its size, mostly less than an hour.',
      restored.map(({ to: TableName }) => ({ call: 'WaitTableExists', input: { TableName } })),
    ),
    settings: step('Give them what a restore leaves out.', settings),
    after: [
      step(
        'Destroy again the keys of whoever was deleted in the five minutes that no point in time covers: `restore run` finds them in the old subject_keys. Where that is gone too, the events customer.deleted on the zone’s bus name them: delete them again through the API.',
      ),
      step(
        'Put the new names into strongroom.config.ts (below), let CloudFormation take the tables in, and deploy.',
        [],
        [`cdk import ${stage}-${zone}/data`, `npm run strongroom -- deploy ${stage}`],
      ),
      step('Empty the old subject_keys: it holds keys of persons who are erased from now on.'),
    ],
  };
}

function settingsOf(
  { recoveryDays, stream }: Table,
  TableName: string,
  replica: { readonly RegionName: string; readonly KMSMasterKeyId: string } | undefined,
): Operation[] {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recoveryDays };
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires_at_s' };
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;
  const made: Operation[] = [
    { call: 'UpdateTimeToLive', input: { TableName, TimeToLiveSpecification } },
    { call: 'UpdateContinuousBackups', input: { TableName, PointInTimeRecoverySpecification } },
  ];
  if (stream || replica !== undefined) made.push({ call: 'UpdateTable', input: { TableName, StreamSpecification } });
  if (replica !== undefined)
    made.push({ call: 'UpdateTable', input: { TableName, ReplicaUpdates: [{ Create: replica }] } });
  return made;
}

/** All steps, in their order. */
export const stepsOf = ({ restore, wait, settings, after }: RestorePlan): readonly Step[] => [
  ...[restore, wait, settings],
  ...after,
];

export const commandsOf = ({ operations, commands }: Step, region: string): readonly string[] => [
  ...operations.map((operation) => commandText(operation, region)),
  ...commands,
];
