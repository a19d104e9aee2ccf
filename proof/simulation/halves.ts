// Batches of which AWS takes a part: what it takes, and how each service names what it put off.

import type { AwsCall } from '../../test/kit/aws/answered.ts';

interface Batch {
  /** DynamoDB's. */
  readonly Statements?: readonly unknown[];
  /** Of EventBridge and SQS. */
  readonly Entries?: readonly { readonly Id?: string }[];
}

/** EventBridge takes at least one event; the others may put off what is sent alone. */
const acceptedCount = ({ service }: AwsCall, { length }: readonly unknown[]): number =>
  service === 'events' ? Math.ceil(length / 2) : Math.floor(length / 2);

/** Of a batch, what AWS takes; null: nothing. */
export function firstHalf(call: AwsCall): AwsCall | null {
  const { Statements, Entries = [] } = call.input as Batch;
  const all = Statements ?? Entries;
  const some = all.slice(0, acceptedCount(call, all));
  if (some.length === 0) return null;
  return { ...call, input: { ...call.input, [Statements === undefined ? 'Entries' : 'Statements']: some } };
}

/** … and its answer, which names the rest. `outcome`: what became of the part that it took. */
export function putOff(call: AwsCall, outcome: object): object {
  const { Statements, Entries = [] } = call.input as Batch;
  if (Statements !== undefined) {
    const { Responses = [] } = outcome as { readonly Responses?: readonly object[] };
    const rest = Statements.slice(acceptedCount(call, Statements));
    return { Responses: [...Responses, ...rest.map(() => ({ Error: { Code: 'ThrottlingError' } }))] };
  }
  const count = acceptedCount(call, Entries);
  if (call.service === 'sqs') {
    return { Failed: Entries.slice(count).map(({ Id }) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' })) };
  }
  return {
    FailedEntryCount: Entries.length - count,
    Entries: Entries.map((_, at) => (at < count ? { EventId: '1' } : { ErrorCode: 'ThrottlingException' })),
  };
}
