// A write under a condition, as a yes or no.

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** False where the condition did not hold: another was faster, or it was there already. Throws whatever else failed. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
