// A write under a condition, as a yes or no.

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Item } from './row.ts';

/**
 * False where the condition did not hold: another was faster, or it was there already. Throws whatever else failed.
 * `isOurs`: whether the item that was found is the one that this very write put, whose answer was lost.
 */
export async function holds(
  write: Promise<unknown>,
  isOurs: (found: Item | undefined) => boolean = () => false,
): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return isOurs(error.Item);
    throw error;
  }
}
