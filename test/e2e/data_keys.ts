// A new day for one tenant: as at midnight, it has no data key of the day. Only while nothing runs.

import * as v from 'valibot';
import { chooseEngine, startEngine } from '../../local/dynamodb/engine.ts';
import { openState } from '../../local/storage/state.ts';

const Rows = v.object({ Items: v.pipe(v.array(v.object({ pk: v.unknown(), sk: v.unknown() })), v.minLength(1)) });
const TableName = 'strongroom-development-us-data_keys';

export async function forgetDataKeys(state: string, tenant: string): Promise<void> {
  const engine = await startEngine('us', 'us-east-1', await openState(state), chooseEngine());
  try {
    const asked = {
      TableName,
      KeyConditionExpression: 'pk = :tenant',
      ExpressionAttributeValues: { ':tenant': { S: `${tenant}#tenant` } },
    };
    const { Items } = v.parse(Rows, await engine.client.call('DynamoDB_20120810.Query', asked));
    for (const { pk, sk } of Items) {
      await engine.client.call('DynamoDB_20120810.DeleteItem', { TableName, Key: { pk, sk } });
    }
  } finally {
    await engine.stop();
  }
}
