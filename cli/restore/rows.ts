// All rows of a table, a page at a time.

import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

export type Row = Readonly<Record<string, AttributeValue>>;

/** Strongly consistent, and of each row these attributes alone. */
export async function* rowsOf(
  dynamodb: DynamoDBClient,
  TableName: string,
  attributes: readonly string[],
): AsyncGenerator<Row> {
  const names = attributes.map((name, at) => [`#a${at}`, name] as const);
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(
      new ScanCommand({
        ...{ TableName, ConsistentRead: true, ExclusiveStartKey: from },
        ProjectionExpression: names.map(([placeholder]) => placeholder).join(),
        ExpressionAttributeNames: Object.fromEntries(names),
      }),
    );
    yield* Items;
    from = LastEvaluatedKey;
  } while (from !== undefined);
}
