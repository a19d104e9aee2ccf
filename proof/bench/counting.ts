// AWS that counts what is asked of it. Each answered call takes one virtual tick, and calls that are on their way at the
// same time share theirs: the ticks that passed are the calls on the critical path, exactly, on any machine.

import type { Answer, AwsCall } from '../../test/kit/aws/answered.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';

/** What a request used. */
export interface Used {
  /** AWS calls one after the other; those side by side count once. */
  serialCalls: number;
  calls: number;
  /** As DynamoDB itself tells with `ReturnConsumedCapacity`, indexes included. */
  writeUnits: number;
  readUnits: number;
  kmsCalls: number;
  secretCalls: number;
  busEvents: number;
}

const nothing = (): Used => ({
  serialCalls: 0,
  calls: 0,
  writeUnits: 0,
  readUnits: 0,
  kmsCalls: 0,
  secretCalls: 0,
  busEvents: 0,
});

interface Consumed {
  readonly CapacityUnits?: number;
}

const unitsOf = (output: object): number => {
  const { ConsumedCapacity } = output as { readonly ConsumedCapacity?: Consumed | readonly Consumed[] };
  if (ConsumedCapacity === undefined) throw new Error('DynamoDB did not tell what a call consumed');
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
};

const reading = /^(?:Get|BatchGet|Query|Scan|TransactGet)/;

export interface CountingAws {
  readonly answer: Answer;
  /** What AWS is asked while `run` runs. Nothing else may run meanwhile. */
  during(run: () => Promise<unknown>): Promise<Used>;
}

export function countingAws(aws: Pick<MemoryAws, 'answer'>): CountingAws {
  let used = nothing();
  let onTheirWay: (() => void)[] = [];

  const tick = (): Promise<void> =>
    new Promise((arrived) => {
      onTheirWay.push(arrived);
      if (onTheirWay.length > 1) return;
      // By then whoever could go on without an answer has asked what it has to ask.
      setImmediate(() => {
        const together = onTheirWay;
        onTheirWay = [];
        used.serialCalls += 1;
        for (const each of together) each();
      });
    });

  const count = ({ service, operation }: AwsCall, input: object, output: object): void => {
    used.calls += 1;
    if (service === 'dynamodb') used[reading.test(operation) ? 'readUnits' : 'writeUnits'] += unitsOf(output);
    if (service === 'kms') used.kmsCalls += 1;
    if (service === 'secretsmanager') used.secretCalls += 1;
    if (service === 'events') used.busEvents += (input as { readonly Entries: readonly unknown[] }).Entries.length;
  };

  return {
    async answer(call) {
      const input = call.service === 'dynamodb' ? { ...call.input, ReturnConsumedCapacity: 'TOTAL' } : call.input;
      await tick();
      const output = aws.answer({ ...call, input });
      count(call, input, output);
      return output;
    },
    async during(run) {
      used = nothing();
      await run();
      return used;
    },
  };
}
