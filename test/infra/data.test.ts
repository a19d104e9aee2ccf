// Tables, as the templates hold them.

import { describe, expect, test } from 'vitest';
import { tables } from '../../contract/capabilities.ts';
import { indexKeys, type Table } from '../../contract/kernel/table.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { plain } from './plain.ts';
import { ofType, only, policiesOf, type Resource, removal, synthesized, type Zone } from './templates.ts';

const { zones } = synthesized();

const rows = Object.entries(tables) as [string, Table][];
const tableOf = (zone: Zone, name: string): Resource => {
  const found = ofType(zone.data, 'AWS::DynamoDB::GlobalTable').find(
    ([, { Properties }]) => Properties.TableName === name,
  );
  if (found === undefined) throw new Error(`no table ${name}`);
  return found[1];
};
const forEachTable = (check: (table: Resource, row: Table, zone: Zone) => void): void => {
  for (const zone of zones) {
    for (const [name, row] of rows) check(tableOf(zone, `strongroom-${zone.stage}-${zone.zone}-${name}`), row, zone);
  }
};

describe('tables', () => {
  test('there is one per row, with its indexes, and nothing else holds data', () => {
    for (const zone of zones) expect(Object.keys(zone.data.Resources)).toHaveLength(rows.length);
    forEachTable(({ Properties }, row) => {
      expect(Properties.KeySchema).toEqual([
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ]);
      expect(Properties.GlobalSecondaryIndexes ?? []).toEqual(
        row.indexes.map((index) => ({
          IndexName: index,
          KeySchema: [
            { AttributeName: indexKeys[index].partition, KeyType: 'HASH' },
            { AttributeName: indexKeys[index].sort, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        })),
      );
    });
  });

  test('[HST-3] capacity follows load without anyone’s hand', () => {
    forEachTable(({ Properties }) => expect(Properties.BillingMode).toBe('PAY_PER_REQUEST'));
  });

  test('[ENC-1] each is encrypted under the zone’s own data key', () => {
    forEachTable(({ Properties }, _, zone) => {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      const key = plain(
        zone,
        'data',
        only<Resource['Properties']>(Properties.Replicas).SSESpecification.KMSMasterKeyId,
      );
      expect(key).toMatch(/^keys:keydata\w+\.Arn$/);
    });
  });

  test('[RES-2] each exists in the zone’s home region alone', () => {
    forEachTable(({ Properties }, _, zone) => {
      expect(Properties.Replicas.map((replica: { Region: string }) => replica.Region)).toEqual([
        geography[zone.zone].home,
      ]);
    });
  });

  test('[BCK-1] each can be restored to any second of the row’s window', () => {
    forEachTable(({ Properties }, row) => {
      expect(only<Resource['Properties']>(Properties.Replicas).PointInTimeRecoverySpecification).toEqual({
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: row.recoveryDays,
      });
    });
  });

  test('[BCK-1] a locked stage’s tables cannot be deleted and outlive their stack; a disposable stage’s go with it', () => {
    forEachTable((table, _, zone) => {
      const locked = zone.stage === 'production';
      expect(only<Resource['Properties']>(table.Properties.Replicas).DeletionProtectionEnabled).toBe(locked);
      expect(policiesOf(table)).toEqual(removal(zone));
    });
  });

  test('[AUD-1] a table streams both images exactly where its row says so', () => {
    forEachTable(({ Properties }, row) => {
      expect(Properties.StreamSpecification).toEqual(row.stream ? { StreamViewType: 'NEW_AND_OLD_IMAGES' } : undefined);
    });
  });

  test('[DSR-3] what expires is deleted by its time to live', () => {
    forEachTable(({ Properties }) => {
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at_s', Enabled: true });
    });
  });
});
