// Whether any row was made under a version of a platform secret. DynamoDB counts the rows: no attribute of theirs leaves the
// table. The scan is slow on purpose, and its result is `unknown` where its time ends.

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../../contract/capabilities.ts';
import type { PlatformSecret } from '../../../contract/kernel/kms_keys.ts';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import type { Item } from '../../kernel/store/row.ts';

/** `unknown`: there was no time to see. */
export type Found = 'some' | 'none' | 'unknown';

/** Rows that name a version (`of`), or one that is not among those given (`otherThan`). */
export type Naming = { readonly of: string } | { readonly otherThan: readonly string[] };

/** Eventually consistent: ask about what nothing new can name. */
export async function rowsNaming(
  platform: Pick<Platform, 'config' | 'dynamodb' | 'sleep'>,
  { table, attribute }: NonNullable<PlatformSecret<TableName>['namedBy']>,
  naming: Naming,
  mayGoOn: () => boolean,
): Promise<Found> {
  const versions = 'of' in naming ? [naming.of] : naming.otherThan;
  const begins = versions.map((_, index) => `begins_with(#named, :version${index})`).join(' OR ');
  let from: Item | undefined;
  do {
    if (from !== undefined) await platform.sleep(rotationLimits.pagePauseMs);
    if (!mayGoOn()) return 'unknown';
    const { Count, LastEvaluatedKey } = await platform.dynamodb.send(
      new ScanCommand({
        TableName: platform.config.table(table),
        Select: 'COUNT',
        FilterExpression: 'of' in naming ? begins : `attribute_exists(#named) AND NOT (${begins})`,
        ExpressionAttributeNames: { '#named': attribute },
        ExpressionAttributeValues: Object.fromEntries(
          versions.map((version, index) => [`:version${index}`, { S: `${version}.` }]),
        ),
        ExclusiveStartKey: from,
      }),
    );
    if (Count !== 0) return 'some';
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return 'none';
}
