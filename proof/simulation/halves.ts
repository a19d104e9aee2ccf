// Batches of which AWS takes a part: what it takes, and how each service names what it put off.

import type { AwsCall } from '../../test/kit/aws/answered.ts';

interface Batch {
  /** DynamoDB's. */
  readonly RequestItems?: Readonly<Record<string, readonly unknown[]>>;
  /** Of EventBridge and SQS. */
  readonly Entries?: readonly { readonly Id?: string }[];
}

/** SQS may refuse a message that is sent alone; of the others at least one item is taken. */
const acceptedCount = ({ service }: AwsCall, { length }: readonly unknown[]): number =>
  service === 'sqs' ? Math.floor(length / 2) : Math.ceil(length / 2);

/** Of a batch, what AWS takes; null: nothing. */
export function firstHalf(call: AwsCall): AwsCall | null {
  const { RequestItems, Entries = [] } = call.input as Batch;
  if (RequestItems === undefined) {
    const some = Entries.slice(0, acceptedCount(call, Entries));
    return some.length === 0 ? null : { ...call, input: { ...call.input, Entries: some } };
  }
  const some = Object.entries(RequestItems).map(
    ([table, all]) => [table, all.slice(0, acceptedCount(call, all))] as const,
  );
  return { ...call, input: { RequestItems: Object.fromEntries(some) } };
}

/** … and its answer, which names the rest. */
export function putOff(call: AwsCall): object {
  const { RequestItems, Entries = [] } = call.input as Batch;
  const count = acceptedCount(call, Entries);
  if (call.service === 'sqs') {
    return { Failed: Entries.slice(count).map(({ Id }) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' })) };
  }
  if (RequestItems === undefined) {
    return {
      FailedEntryCount: Entries.length - count,
      Entries: Entries.map((_, at) => (at < count ? { EventId: '1' } : { ErrorCode: 'ThrottlingException' })),
    };
  }
  const rest = Object.entries(RequestItems).map(
    ([table, all]) => [table, all.slice(acceptedCount(call, all))] as const,
  );
  return { UnprocessedItems: Object.fromEntries(rest.filter(([, all]) => all.length > 0)) };
}
