// The newest point in time lies some five minutes back: keys that were destroyed after it are whole in the restored table. The old
// table, which a restore leaves as it is, says which; they are destroyed again before anything serves.

import {
  ConditionalCheckFailedException,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { RestorePlan } from './plan.ts';
import type { RestorePorts } from './ports.ts';
import { type Row, rowsOf } from './rows.ts';

const isDestroyed = ({ wrapped }: Row): boolean => wrapped?.NULL === true;

/** How many were destroyed again. */
export async function eraseAgain({ dynamodb, say }: RestorePorts, { restored }: RestorePlan): Promise<number> {
  const keys = restored.find(({ table }) => table === 'subject_keys');
  if (keys === undefined) return 0;
  let count = 0;
  try {
    for await (const row of rowsOf(dynamodb, keys.from, ['pk', 'sk', 'wrapped', 'destroyed_at'])) {
      if (!isDestroyed(row) || row.pk === undefined || row.sk === undefined) continue;
      try {
        await dynamodb.send(
          new UpdateItemCommand({
            TableName: keys.to,
            Key: { pk: row.pk, sk: row.sk },
            UpdateExpression: 'SET #wrapped = :none, destroyed_at = :at',
            ConditionExpression: 'attribute_exists(pk) AND #wrapped <> :none',
            ExpressionAttributeNames: { '#wrapped': 'wrapped' },
            ExpressionAttributeValues: { ':none': { NULL: true }, ':at': row.destroyed_at ?? { NULL: true } },
          }),
        );
        count += 1;
      } catch (thrown) {
        // Destroyed by then, or made after it.
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof ResourceNotFoundException)) throw thrown;
    say('  The old subject_keys is gone: who was deleted in the last five minutes, the zone’s bus says alone.');
    return 0;
  }
  say(`  ${count} keys that were destroyed in the last minutes are destroyed again.`);
  return count;
}
