// The way of calls from processes to AWS and back: it takes time, loses, delays and repeats, and the SDK at its near end
// tries again as the real one does. What has left a process is carried out even if the process is dead by then.

import { awsLimits } from '../../contract/kernel/limits.ts';
import { type AwsCall, sdkError } from '../../test/kit/aws/answered.ts';
import { type SimulatedAws, transactionMs } from './aws.ts';
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
  readonly aws: SimulatedAws;
  /** The fault of the call at an address, noted as having happened. */
  readonly fault: (address: string, kind: CallKind) => Fault | null;
}

const kinds: Readonly<Record<string, CallKind>> = {
  PutItem: 'write',
  UpdateItem: 'write',
  TransactWriteItems: 'write',
  BatchExecuteStatement: 'insert',
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

/** A call of a process, until the SDK has an answer for it or gives up. */
interface Sent {
  readonly process: Process;
  readonly call: AwsCall;
  readonly address: string;
  /** In the process, while it lives. */
  readonly answered: (output: object) => void;
  readonly failed: (error: Error) => void;
}

/** One of its tries, with an address and an end of its own. */
interface Attempt extends Sent {
  readonly drawn: Fractions;
}

export class Network {
  readonly #ports: NetworkPorts;

  constructor(ports: NetworkPorts) {
    this.#ports = ports;
  }

  execute(process: Process, call: AwsCall): Promise<object> {
    const address = process.nextAddress();
    return new Promise((answered, failed) => {
      this.#tryOnce({ process, call, address, answered, failed }, 1);
    });
  }

  #tryOnce(sent: Sent, tries: number): void {
    const address = `${sent.address}.${tries}`;
    const drawn = this.#ports.draw.fractions(address);
    const failed = (error: Error): void => {
      if (tries === awsLimits.attempts || !isRetried(error)) {
        sent.failed(error);
        return;
      }
      const backoffMs = drawn(5) * 100 * 2 ** tries;
      sent.process.after(backoffMs, () => this.#tryOnce(sent, tries + 1));
    };
    this.#attempt({ ...sent, address, drawn, failed });
  }

  #attempt(one: Attempt): void {
    const { process, call, address, drawn } = one;
    const { timeline, fault } = this.#ports;
    const met = fault(address, kinds[call.operation] ?? 'read');
    const way: Way = met === null ? undisturbed : faults[met];
    const thereMs = 1 + drawn(2) * 6;
    const backMs = 1 + drawn(3) * 6;
    if (way.dies === 'at_once') process.die();
    if (way.arrives !== 'never') {
      const tooLateMs = timeline.now() + packetLifeMs;
      timeline.after(arrivalMs(way, drawn(4), thereMs, awsLimits.requestMs), () => {
        if (timeline.now() <= tooLateMs) this.#arrive(one, way, backMs);
      });
    }
    const error = errorOf(way, call);
    if (error === null) return;
    const heardMs = way.answer === 'lost' ? awsLimits.requestMs : thereMs + transactionMs + backMs;
    process.after(heardMs, () => one.failed(error));
  }

  /** At AWS; its answer goes back where the way lets one. */
  #arrive({ process, call, drawn, answered, failed }: Attempt, way: Way, backMs: number): void {
    this.#ports.aws.perform(way.answer === 'half' ? firstHalf(call) : call, drawn, (outcome) => {
      if (way.dies === 'when_it_is_done') process.die();
      if (way.answer !== 'given' && way.answer !== 'half') return;
      const answer = way.answer === 'half' && !(outcome instanceof Error) ? putOff(call, outcome) : outcome;
      process.after(backMs, () => (answer instanceof Error ? failed(answer) : answered(answer)));
    });
  }
}
