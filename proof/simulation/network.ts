// The way of calls from processes to AWS and back: it takes time, loses, delays and repeats, and the SDK at its near end
// tries again as the real one does. What has left a process is carried out even if the process is dead by then.

import { awsLimits } from '../../contract/kernel/limits.ts';
import { type AwsCall, sdkError } from '../../test/kit/aws/answered.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import type { Draw, Fractions } from './draw.ts';
import { type CallKind, type Fault, faults, undisturbed, type Way } from './faults.ts';
import { firstHalf, putOff } from './halves.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';

/** Nothing that was sent arrives later than this: the world's bound on how long a packet lives. */
export const packetLifeMs = 120_000;

/** When a call arrives (ms): `soonMs` where nothing delays it, `patienceMs` is when its caller gives up; `lateness` < 1. */
export function arrivalMs(way: Way, lateness: number, soonMs: number, patienceMs: number): number {
  switch (way.arrives) {
    case 'late':
      return patienceMs * (1 + lateness);
    case 'last':
      return packetLifeMs * (0.9 + 0.1 * lateness);
    default:
      return soonMs;
  }
}

export interface NetworkPorts {
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly aws: MemoryAws;
  /** The fault of the call at an address, noted as having happened. */
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  /** After everything that changed something at AWS. */
  readonly wrote: () => void;
}

const kinds: Readonly<Record<string, CallKind>> = {
  PutItem: 'write',
  UpdateItem: 'write',
  TransactWriteItems: 'write',
  BatchWriteItem: 'batch',
  PutEvents: 'batch',
  SendMessageBatch: 'send',
};

/** What the SDK throws; null where it is told what AWS did, or nothing at all. */
function errorOf({ answer }: Way, { service, operation, input }: AwsCall): Error | null {
  switch (answer) {
    case 'lost':
      return Object.assign(new Error('The call timed out.'), { name: 'TimeoutError' });
    case 'error':
      return sdkError('InternalServerError', 'AWS could not answer.', { status: 500 });
    case 'busy':
      return service === 'dynamodb'
        ? sdkError('ProvisionedThroughputExceededException', 'Too many requests.')
        : sdkError('ThrottlingException', 'Too many requests.');
    case 'conflict': {
      if (operation !== 'TransactWriteItems') return sdkError('TransactionConflictException', 'The item is held.');
      const { TransactItems = [] } = input as { readonly TransactItems?: readonly unknown[] };
      const CancellationReasons = TransactItems.map((_, at) => ({ Code: at === 0 ? 'TransactionConflict' : 'None' }));
      return sdkError('TransactionCanceledException', 'Transaction cancelled.', { fields: { CancellationReasons } });
    }
    case 'garbled':
      throw new Error('AWS does not answer nonsense');
    default:
      return null;
  }
}

/** What the SDK tries again (its "standard" mode: SDK reference guide, "Retry behavior"). */
const isRetried = (error: Error): boolean =>
  ['TimeoutError', 'ProvisionedThroughputExceededException', 'ThrottlingException', 'InternalServerError'].includes(
    error.name,
  );

interface Attempt {
  readonly process: Process;
  readonly call: AwsCall;
  readonly address: string;
  readonly drawn: Fractions;
  /** In the process, while it lives. */
  readonly answered: (output: object) => void;
  readonly failed: (error: Error) => void;
}

/** A transaction holds its items for a moment, in which others meet it. */
const transactionMs = 6;

export function network({ draw, timeline, aws, fault, wrote }: NetworkPorts) {
  /** Reads that may be stale see the tables as they were a while ago: mostly a moment, now and then seconds. */
  const history: { readonly atMs: number; readonly position: number }[] = [];
  const positionAt = (ms: number): number => {
    for (let index = history.length - 1; index >= 0; index -= 1) {
      const moment = history[index];
      if (moment !== undefined && moment.atMs <= ms) return moment.position;
    }
    return history[0]?.position ?? aws.database.position;
  };
  const lagMs = (drawn: number): number => {
    if (drawn < 0.9) return drawn * 30;
    return drawn < 0.99 ? (drawn - 0.9) * 20_000 : 10_000;
  };

  let queuesAt = 0;
  /** At AWS, at this moment: tells when it is done, which for a transaction is a moment later. */
  const perform = ({ drawn }: Attempt, call: AwsCall | null, done: (outcome: object | Error) => void): void => {
    if (call === null) {
      done({});
      return;
    }
    const finish = (outcome: () => object): void => {
      let reached: object | Error;
      try {
        reached = outcome();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        reached = error;
      }
      const { position } = aws.database;
      const written = history.at(-1)?.position !== position;
      if (written) history.push({ atMs: timeline.now(), position });
      if (written || queuesAt !== aws.queues.position) wrote();
      queuesAt = aws.queues.position;
      done(reached);
    };
    if (call.operation !== 'TransactWriteItems') {
      finish(() => aws.answer(call, { asOf: positionAt(timeline.now() - lagMs(drawn(0))) }));
      return;
    }
    let transaction: { commit(): object };
    try {
      transaction = aws.begin(call);
    } catch (error) {
      done(error as Error);
      return;
    }
    timeline.after(drawn(1) * transactionMs, () => finish(() => transaction.commit()));
  };

  const attempt = (one: Attempt): void => {
    const { process, call, address, drawn } = one;
    const met = fault(address, kinds[call.operation] ?? 'read');
    const way: Way = met === null ? undisturbed : faults[met];
    const thereMs = 1 + drawn(2) * 6;
    const backMs = 1 + drawn(3) * 6;
    if (way.dies === 'at_once') process.die();
    if (way.arrives !== 'never') {
      const tooLateMs = timeline.now() + packetLifeMs;
      timeline.after(arrivalMs(way, drawn(4), thereMs, awsLimits.requestMs), () => {
        if (timeline.now() > tooLateMs) return;
        perform(one, way.answer === 'half' ? firstHalf(call) : call, (outcome) => {
          if (way.dies === 'when_it_is_done') process.die();
          if (way.answer !== 'given' && way.answer !== 'half') return;
          const answer = way.answer === 'half' && !(outcome instanceof Error) ? putOff(call) : outcome;
          process.after(backMs, () => (answer instanceof Error ? one.failed(answer) : one.answered(answer)));
        });
      });
    }
    const error = errorOf(way, call);
    if (error === null) return;
    const heardMs = way.answer === 'lost' ? awsLimits.requestMs : thereMs + transactionMs + backMs;
    process.after(heardMs, () => one.failed(error));
  };

  return {
    execute(process: Process, call: AwsCall): Promise<object> {
      const address = process.nextAddress();
      return new Promise((answered, reject) => {
        const tryOnce = (tries: number): void => {
          const tried = `${address}.${tries}`;
          const drawn = draw.fractions(tried);
          attempt({
            process,
            call,
            address: tried,
            drawn,
            answered,
            failed(error) {
              if (tries === awsLimits.attempts || !isRetried(error)) return reject(error);
              const backoffMs = drawn(5) * 100 * 2 ** tries;
              process.after(backoffMs, () => tryOnce(tries + 1));
            },
          });
        };
        tryOnce(1);
      });
    },
  };
}
