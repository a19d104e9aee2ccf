// Writes of one item beside the commits of rows: in the writer region alone, as those are. A write under a condition, as a yes or no.

import {
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Platform } from '../platform/platform.ts';
import type { Item } from './row.ts';

type Writing = Pick<Platform, 'dynamodb' | 'writer'>;

/** Refuses where this region is not the writer. */
export async function putItem(
  { dynamodb, writer }: Writing,
  input: ConstructorParameters<typeof PutItemCommand>[0],
): Promise<void> {
  await writer.epoch();
  await dynamodb.send(new PutItemCommand(input));
}

/** As `putItem`. */
export async function updateItem(
  { dynamodb, writer }: Writing,
  input: ConstructorParameters<typeof UpdateItemCommand>[0],
  options: { readonly abortSignal?: AbortSignal } = {},
): Promise<UpdateItemCommandOutput> {
  await writer.epoch();
  return dynamodb.send(new UpdateItemCommand(input), options);
}

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
