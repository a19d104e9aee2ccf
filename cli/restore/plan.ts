// How a zone's tables are restored to a point in time, as the commands of AWS's own CLI that do it, in their order. Nothing here asks
// AWS or changes anything. Keys are restored to the newest point there is, whatever the others are restored to: an earlier one would
// bring back keys of persons that were destroyed since, and hold none that newer rows need.

import { type TableName, tables } from '../../contract/capabilities.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { keyAlias, tableName, type ZoneDeployment } from '../../lib/derive/names.ts';

export interface Step {
  readonly what: string;
  readonly commands: readonly string[];
}

export interface RestorePlan {
  readonly steps: readonly Step[];
  /** What stands in strongroom.config.ts for the zone afterwards. */
  readonly tableNames: Readonly<Record<string, string>>;
}

/** The lease of the writer's region is made anew: one of another time names a region that may write no more. */
const restored = (Object.entries(tables) as [TableName, Table][]).filter(
  ([, { consistency }]) => consistency !== 'strong',
);

/** Keys first: what is sealed under a key that is not there opens nowhere. */
const ordered = [...restored].sort(([a], [b]) => Number(isOfKeys(b)) - Number(isOfKeys(a)));

function isOfKeys(name: TableName): boolean {
  return name === 'subject_keys' || name === 'data_keys';
}

/** @param at the point in time, UTC */
export function restorePlan(deployment: ZoneDeployment, at: Date): RestorePlan {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  const { region, otherRegion } = deployment;
  const key = keyAlias(deployment, 'data');
  const aws = (command: string): string => `aws dynamodb ${command} --region ${region}`;
  const newName = (name: TableName): string =>
    `${tableName(deployment, name).replace(/-restored-\w+$/, '')}-restored-${stamp}`;

  const restore = ordered.map(([name]) =>
    aws(
      [
        `restore-table-to-point-in-time --source-table-name ${tableName(deployment, name)}`,
        `--target-table-name ${newName(name)}`,
        isOfKeys(name) ? '--use-latest-restorable-time' : `--restore-date-time ${at.toISOString()}`,
        `--sse-specification-override Enabled=true,SSEType=KMS,KMSMasterKeyId=${key}`,
      ].join(' '),
    ),
  );
  // What a restored table has not (DynamoDB guide, "Point-in-time recovery: how it works", read 2026-12-01).
  const settings = ordered.flatMap(([name, { recoveryDays, stream }]) => {
    const table = `--table-name ${newName(name)}`;
    return [
      aws(`update-time-to-live ${table} --time-to-live-specification Enabled=true,AttributeName=expires_at_s`),
      aws(
        `update-continuous-backups ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=${recoveryDays}`,
      ),
      ...(stream || otherRegion !== undefined
        ? [aws(`update-table ${table} --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`)]
        : []),
      ...(otherRegion === undefined
        ? []
        : [aws(`update-table ${table} --replica-updates 'Create={RegionName=${otherRegion},KMSMasterKeyId=${key}}'`)]),
    ];
  });
  return {
    tableNames: Object.fromEntries(ordered.map(([name]) => [name, newName(name)])),
    steps: [
      {
        what: 'Restore the tables under new names, side by side. The old ones stay as they are. A table that was deleted is restored from its system backup (aws dynamodb list-backups --backup-type SYSTEM) or from the vault instead.',
        commands: restore,
      },
      {
        what: 'Wait for each; how long depends on its size, mostly less than an hour.',
        commands: ordered.map(([name]) => aws(`wait table-exists --table-name ${newName(name)}`)),
      },
      { what: 'Give them what a restore leaves out.', commands: settings },
      {
        what: 'Put the new names into strongroom.config.ts (below), let CloudFormation take the tables in, and deploy.',
        commands: [
          `cdk import ${deployment.stage}-${deployment.zone}/data`,
          `npm run strongroom -- deploy ${deployment.stage}`,
        ],
      },
      {
        what: 'Delete again, through the API, whoever was deleted in the last five minutes before the loss, which no table may hold: the events customer.deleted on the zone’s bus name them. Then empty the old subject_keys: it holds keys of persons who are erased from now on.',
        commands: [],
      },
    ],
  };
}
