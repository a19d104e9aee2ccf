// What the functions of the webhook bench used, counted: units of capacity, calls, bytes of log. AWS in memory answers.

import { insertOf } from '../../local/dynamodb/insert.ts';
import type { AwsCall } from '../../test/kit/aws/answered.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';

/** What a function used, all of its environments together. */
export interface Use {
  invocations: number;
  environments: number;
  /** Of its environments' time, cold starts included. */
  gbSeconds: number;
  writeUnits: number;
  /** Of the table of webhooks alone. */
  webhookReadUnits: number;
  readUnits: number;
  queueCalls: number;
  keyCalls: number;
  logBytes: number;
}

export const nothing = (): Use => ({
  ...{ invocations: 0, environments: 0, gbSeconds: 0, writeUnits: 0, webhookReadUnits: 0, readUnits: 0 },
  ...{ queueCalls: 0, keyCalls: 0, logBytes: 0 },
});

/** Counts what is printed instead of printing it. */
export function weigh(use: Use, print: () => void): void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  for (const stream of streams) {
    stream.write = (text: string | Uint8Array): boolean => {
      use.logBytes += Buffer.byteLength(text);
      return true;
    };
  }
  try {
    print();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write;
  }
}

interface Consumed {
  readonly TableName: string;
  readonly CapacityUnits: number;
}

interface Inserts {
  readonly Statements?: readonly { readonly Statement: string; readonly Parameters: readonly unknown[] }[];
}

const isEntry = ({ Statement, Parameters }: NonNullable<Inserts['Statements']>[number]): boolean =>
  insertOf(Statement, Parameters)?.table === 'audit';

/** Audit entries and events on the bus are there with or without webhooks: their time counts, none is stored. */
const storedPart = (call: AwsCall): AwsCall | null => {
  if (call.operation === 'PutEvents') return null;
  const { Statements } = call.input as Inserts;
  if (Statements === undefined) return call;
  const others = Statements.filter((each) => !isEntry(each));
  return others.length === 0 ? null : { ...call, input: { Statements: others } };
};

/** The answer as the caller expects it: one response for each statement. */
const withEntries = ({ input }: AwsCall, output: object): object => {
  const { Statements } = input as Inserts;
  if (Statements === undefined) return output;
  const { Responses = [] } = output as { readonly Responses?: readonly object[] };
  const stored = Responses.values();
  return { ...output, Responses: Statements.map((each) => (isEntry(each) ? {} : stored.next().value)) };
};

/** A condition that fails costs what the rows that are there would: deliveries have a block each. */
const failedUnits = ({ operation, input }: AwsCall): number => {
  const { TransactItems = [] } = input as { readonly TransactItems?: readonly unknown[] };
  return operation === 'TransactWriteItems' ? 2 * TransactItems.length : 1;
};

function answer(aws: MemoryAws, call: AwsCall, use: Use): object {
  if (call.service === 'sqs') use.queueCalls += 1;
  if (call.service === 'kms') use.keyCalls += 1;
  const stored = storedPart(call);
  if (stored === null) return withEntries(call, {});
  if (stored.service !== 'dynamodb') return aws.answer(stored);
  const output = aws.answer({ ...stored, input: { ...stored.input, ReturnConsumedCapacity: 'TOTAL' } });
  const { ConsumedCapacity = [] } = output as { readonly ConsumedCapacity?: Consumed | readonly Consumed[] };
  for (const { TableName, CapacityUnits } of [ConsumedCapacity].flat()) {
    const isRead = /^(?:Get|BatchGet|Query)/.test(stored.operation);
    use[isRead ? 'readUnits' : 'writeUnits'] += CapacityUnits;
    if (isRead && TableName === 'webhooks') use.webhookReadUnits += CapacityUnits;
  }
  return withEntries(call, output);
}

/** What AWS answers, with the cost of the call added to what was used. */
export function countedAnswer(aws: MemoryAws, call: AwsCall, use: Use): object {
  try {
    return answer(aws, call, use);
  } catch (error) {
    use.writeUnits += failedUnits(call);
    throw error;
  }
}
