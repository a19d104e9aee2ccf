// DynamoDB global tables, which no published pack reads: what holds merchants' data is recoverable, encrypted under our
// key, kept from deletion where data is locked, and inside the zone.

import { type TableName, tables } from '../../../contract/capabilities.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import { tableName } from '../../derive/names.ts';
import { isProtected } from '../../derive/removal.ts';
import { type Json, keyArnIn, listed, type Rule, type RuleContext, unless } from '../rule.ts';

const types = ['AWS::DynamoDB::GlobalTable'];

const rowOf = (zone: RuleContext, name: Json): Table | undefined =>
  tables[(Object.keys(tables) as TableName[]).find((table) => tableName(zone.deployment, table) === name) as TableName];

export const tableRules: readonly Rule[] = [
  {
    id: 'Strongroom-DDB1',
    types,
    promises: ['BCK-1'],
    statement: 'Every replica of a table has point-in-time recovery over the days of its row.',
    check: ({ p }, zone) => {
      const days = rowOf(zone, p.TableName)?.recoveryDays;
      if (days === undefined) return [`${p.TableName} has no row in contract/<capability>/tables.ts`];
      return listed(p.Replicas).flatMap(({ Region, PointInTimeRecoverySpecification: recovery }) => [
        ...unless(recovery?.PointInTimeRecoveryEnabled === true, `point-in-time recovery is off in ${Region}`),
        ...unless(
          recovery?.RecoveryPeriodInDays === days,
          `${Region} can go back ${recovery?.RecoveryPeriodInDays ?? 'an unstated number of'} days, not ${days}`,
        ),
      ]);
    },
  },
  {
    id: 'Strongroom-DDB2',
    types,
    promises: ['ENC-1'],
    statement: 'Every replica of a table is encrypted under the data key of its zone, as its own region has it.',
    check: ({ p }, zone) => [
      ...unless(
        p.SSESpecification?.SSEEnabled === true && p.SSESpecification?.SSEType === 'KMS',
        'the table has no customer-managed key',
      ),
      ...listed(p.Replicas).flatMap(({ Region, SSESpecification }) =>
        unless(
          SSESpecification?.KMSMasterKeyId === keyArnIn(Region, 'data', zone),
          `${Region} is not under the data key of that region`,
        ),
      ),
    ],
  },
  {
    id: 'Strongroom-DDB3',
    types,
    promises: ['BCK-1', 'HST-1'],
    statement:
      'Where data is locked, a table outlives its stack and, once its stage is made, is protected from deletion.',
    check: ({ p, outlives }, { locked, deployment }) =>
      locked
        ? [
            ...unless(outlives, 'the table is deleted with its stack'),
            ...listed(p.Replicas).flatMap(({ Region, DeletionProtectionEnabled }) =>
              unless(
                DeletionProtectionEnabled === isProtected(deployment),
                `deletion protection is ${DeletionProtectionEnabled === true ? 'on' : 'off'} in ${Region}`,
              ),
            ),
          ]
        : [],
  },
  {
    id: 'Strongroom-DDB4',
    types,
    promises: ['AUD-1', 'WHK-2'],
    statement:
      'A table streams old and new images where its row says so, and where it has a replica, because DynamoDB replicates by its stream.',
    check: ({ p }, zone) => {
      const row = rowOf(zone, p.TableName);
      const streams = row && (row.stream || listed(p.Replicas).length > 1);
      const found = p.StreamSpecification?.StreamViewType;
      return unless(
        streams !== undefined && found === (streams ? 'NEW_AND_OLD_IMAGES' : undefined),
        `the stream is ${found ?? 'absent'}`,
      );
    },
  },
  {
    id: 'Strongroom-DDB5',
    types,
    promises: ['RES-2'],
    statement: 'A table has a replica in each region that its zone runs, and nowhere else.',
    check: ({ p }, { deployment: { region, otherRegion } }) => {
      const expected = [region, ...(otherRegion === undefined ? [] : [otherRegion])];
      const regions: string[] = listed(p.Replicas).map(({ Region }) => Region);
      return [
        ...expected.filter((each) => !regions.includes(each)).map((each) => `there is no replica in ${each}`),
        ...regions.filter((each) => !expected.includes(each)).map((each) => `a replica is in ${each}`),
      ];
    },
  },
  {
    id: 'Strongroom-DDB6',
    types,
    promises: ['RES-2', 'ENC-1'],
    statement: 'No change of a row is copied elsewhere, and no key of a row is shown in insights.',
    check: ({ p }) =>
      listed(p.Replicas).flatMap((replica) => [
        ...unless(replica.KinesisStreamSpecification === undefined, `${replica.Region} copies changes into a stream`),
        ...unless(
          replica.ContributorInsightsSpecification?.Enabled !== true &&
            listed(replica.GlobalSecondaryIndexes).every(
              (index) => index.ContributorInsightsSpecification?.Enabled !== true,
            ),
          `${replica.Region} shows the most used keys, which name tenants and people, in insights`,
        ),
      ]),
  },
  {
    id: 'Strongroom-DDB7',
    types,
    promises: ['DSR-3'],
    statement:
      'Rows expire by the one attribute that the code writes, in every table but those that both regions share.',
    check: ({ p }, zone) => {
      const row: (Table & { readonly consistency?: 'strong' }) | undefined = rowOf(zone, p.TableName);
      const expires = p.TimeToLiveSpecification;
      return unless(
        row?.consistency === 'strong'
          ? expires === undefined || expires.AttributeName === 'expires_at_s'
          : expires?.Enabled === true && expires.AttributeName === 'expires_at_s',
        `its rows expire by ${expires?.AttributeName ?? 'nothing'}`,
      );
    },
  },
];
