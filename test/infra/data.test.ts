// Tables, as the templates hold them.

import { describe, expect, test } from 'vitest';
import { tables } from '../../contract/capabilities.ts';
import { indexKeys, type Table } from '../../contract/kernel/table.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { plain } from './plain.ts';
import { ofType, policiesOf, type Resource, removal, synthesized, type Zone } from './templates.ts';

const { zones } = synthesized();

const rows = Object.entries(tables) as [string, Table][];
const tableOf = (zone: Zone, name: string): Resource => {
  const found = ofType(zone.data, 'AWS::DynamoDB::GlobalTable').find(
    ([, { Properties }]) => Properties.TableName === name,
  );
  if (found === undefined) throw new Error(`no table ${name}`);
  return found[1];
};
interface Replica {
  readonly Region: string;
  readonly DeletionProtectionEnabled: boolean;
  readonly SSESpecification: { readonly KMSMasterKeyId: unknown };
  readonly PointInTimeRecoverySpecification: unknown;
}

/** Production runs both regions of its zones, development their home alone. */
const regionsOf = ({ stage, zone }: Zone): string[] =>
  stage === 'production' ? [geography[zone].home, geography[zone].second].sort() : [geography[zone].home];

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

  test('[ENC-1] each is encrypted under the zone’s own data key, in each region as that region has it', () => {
    forEachTable(({ Properties }, _, zone) => {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      for (const { Region, SSESpecification } of Properties.Replicas as Replica[]) {
        const key = plain(zone, 'data', SSESpecification.KMSMasterKeyId);
        expect(key).toMatch(
          Region === geography[zone.zone].home ? /^keys:keydata\w+\.Arn$/ : /^second keys:keydata\w*\.Arn$/,
        );
      }
    });
  });

  test('[RES-2] [RES-4] each exists in the regions that its zone runs and in no other', () => {
    forEachTable(({ Properties }, _, zone) => {
      expect((Properties.Replicas as Replica[]).map(({ Region }) => Region).sort()).toEqual(regionsOf(zone));
    });
  });

  test('[BCK-1] each can be restored to any second of the row’s window', () => {
    forEachTable(({ Properties }, row) => {
      for (const replica of Properties.Replicas as Replica[]) {
        expect(replica.PointInTimeRecoverySpecification).toEqual({
          PointInTimeRecoveryEnabled: true,
          RecoveryPeriodInDays: row.recoveryDays,
        });
      }
    });
  });

  test('[BCK-1] a locked stage’s tables cannot be deleted and outlive their stack; a disposable stage’s go with it', () => {
    forEachTable((table, _, zone) => {
      const locked = zone.stage === 'production';
      for (const replica of table.Properties.Replicas as Replica[]) {
        expect(replica.DeletionProtectionEnabled).toBe(locked);
      }
      expect(policiesOf(table)).toEqual(removal(zone));
    });
  });

  test('[AUD-1] a table streams both images exactly where its row says so, or where DynamoDB replicates it by its stream', () => {
    forEachTable(({ Properties }, row, zone) => {
      const streams = row.stream || regionsOf(zone).length > 1;
      expect(Properties.StreamSpecification).toEqual(streams ? { StreamViewType: 'NEW_AND_OLD_IMAGES' } : undefined);
    });
  });

  test('[DSR-3] what expires is deleted by its time to live, in every table but those that both regions share', () => {
    forEachTable(({ Properties }, { consistency }) => {
      const expected = consistency === 'strong' ? undefined : { AttributeName: 'expires_at_s', Enabled: true };
      expect(Properties.TimeToLiveSpecification).toEqual(expected);
    });
  });
});
