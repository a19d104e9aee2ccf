// Batches of SQS: a malformed batch is refused whole; otherwise each entry has a result of its own.

import { AwsError } from '../endpoint/error.ts';
import { localLimits } from '../host/limits.ts';

export interface BatchResult {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

const refusal = (name: string, message: string): AwsError => new AwsError(name, message);

const check = (ids: readonly string[]): void => {
  if (ids.length === 0) throw refusal('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (ids.length > localLimits.messagesPerCall)
    throw refusal(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw refusal(
      'InvalidBatchEntryId',
      'The Id of a batch entry has 1 to 80 letters, digits, hyphens or underscores.',
    );
  if (new Set(ids).size < ids.length) throw refusal('BatchEntryIdsNotDistinct', 'Two entries have the same Id.');
};

export const eachOf = <Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  settle: (entry: Entry) => object,
): BatchResult => {
  check(entries.map(({ Id }) => Id));
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...settle(entry) });
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: thrown.name, Message: thrown.message });
    }
  }
  return { Successful, Failed };
};
