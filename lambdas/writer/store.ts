// The row of the writer lease. It is written only over the lease that was read: of two regions that act at once, one is refused.

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { leaseKey, type WriterLease } from '../../contract/writer/lease.ts';
import type { Config } from '../kernel/platform/config.ts';
import { keyOf } from '../kernel/store/row.ts';

export interface WritePlatform {
  readonly config: Pick<Config, 'table'>;
  readonly dynamodb: DynamoDBClient;
}

/** DynamoDB developer guide, "How DynamoDB global tables work", MRSC: two regions wrote the item at once (read 2026-12). */
const writeConflict = 'ReplicatedWriteConflictException';

/** False where the lease is not as it was read, or another region writes it just now. */
export async function writeLease(
  { config, dynamodb }: WritePlatform,
  read: WriterLease | undefined,
  next: WriterLease,
): Promise<boolean> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: config.table('writer'),
        Item: { ...keyOf(leaseKey), ...marshall(next) },
        ...(read === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'epoch = :epoch AND until_ms = :until AND successor = :successor',
              ExpressionAttributeValues: marshall({
                ':epoch': read.epoch,
                ':until': read.until_ms,
                ':successor': read.successor,
              }),
            }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (error instanceof DynamoDBServiceException && error.name === writeConflict) return false;
    throw error;
  }
}
