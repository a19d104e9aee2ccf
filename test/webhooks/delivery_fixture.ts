// Deliveries in memory: the real relay, deliver and dispatcher with a queue and tables in memory, on a clock that a test moves.
// Receivers answer as a test says and record what they got. There is no network and nothing is waited for.

import { createHash } from 'node:crypto';
import type { Context, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import { dispatcherLimits, webhookLimits } from '../../contract/webhooks/limits.ts';
import { routes as webhookRoutes } from '../../lambdas/functions/webhooks.ts';
import { keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { sealFields } from '../../lambdas/kernel/crypto/sealed_fields.ts';
import type { TenantScope } from '../../lambdas/kernel/domain/tenant_scope.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type AuditContext, commitChange } from '../../lambdas/kernel/store/commit.ts';
import { dataKeys } from '../../lambdas/kernel/store/data_keys.ts';
import type { Stored } from '../../lambdas/kernel/store/row.ts';
import { createPayment as decide, type Payment, settleCharge } from '../../lambdas/payments/domain/payment.ts';
import { paymentRow } from '../../lambdas/payments/store.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { deliver } from '../../lambdas/webhooks/delivery/deliver.ts';
import { dispatch } from '../../lambdas/webhooks/delivery/dispatch.ts';
import { deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import type { Attempted, DeliveryRequest as Sent } from '../../lambdas/webhooks/http/attempt.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { type AwsCall, answeredClients } from '../kit/aws/answered.ts';
import { environment } from '../kit/aws/environment.ts';
import { memoryAws } from '../kit/aws/memory.ts';
import { deadLetters, receiveBatch } from '../kit/aws/queues.ts';
import { onlyRegion } from '../kit/aws/writer.ts';
import { challengeAnswer } from '../kit/challenge.ts';
import { caller, merchant } from '../kit/requests.ts';

export interface Hit {
  readonly atMs: number;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every type
  readonly event: any;
}

/** The outcome of an attempt, with the milliseconds that it took. */
export type Receiver = (hit: Hit) => Attempted;

export const answers = (status: number, more: Partial<Extract<Attempted, { kind: 'answered' }>> = {}): Receiver => {
  const answered: Attempted = { kind: 'answered', status, latencyMs: 20, body: '', retryAfterSeconds: null, ...more };
  return () => answered;
};
export const hangs: Receiver = () => ({ kind: 'failed', reason: 'timeout', latencyMs: 10_000 });

export type DeliveryFixture = ReturnType<typeof openDeliveries>;

const startMs = Date.parse('2026-11-21T10:00:00.000Z');
const queue = 'deliveries';
const { batchMessages } = functions.deliver.trigger;

interface Options {
  /** Whether a call to AWS fails, before or after it takes effect. */
  readonly fault?: (call: AwsCall, number: number) => 'before' | 'after' | null;
  /** How long an invocation of `deliver` may take. */
  readonly deliverMs?: number;
}

export function openDeliveries({ fault = () => null, deliverMs = functions.deliver.timeoutMs }: Options = {}) {
  let nowMs = startMs;
  let drawn = 0;
  let calls = 0;
  /** Of the invocation of `deliver` that runs. */
  let trace: string | undefined;
  const random = (bytes: number): Uint8Array => {
    drawn += 1;
    return createHash('shake256', { outputLength: bytes }).update(`drawn ${drawn}`).digest();
  };
  const aws = memoryAws({ now: () => nowMs, random });
  const clients = answeredClients(async (call) => {
    calls += 1;
    const ends = fault(call, calls);
    if (ends === 'before') throw new Error('the call was lost');
    const output = aws.answer({ ...call, ...(trace !== undefined && { trace }) });
    if (ends === 'after') throw new Error('the answer was lost');
    return output;
  });
  const lines: string[] = [];
  const platform: Platform = {
    clock: () => nowMs,
    config: readConfig(environment('deliveries', 'http://127.0.0.1:1')),
    random,
    // No attempt here takes time, whatever latency it reports: a wait that would notice a slow one never ends.
    // A replay's pause is time that goes by.
    sleep: async (ms) => {
      if (ms === webhookLimits.replayPauseMs) nowMs += ms;
      else if (ms >= webhookLimits.timeoutSignalMs) await new Promise(() => {});
    },
    ...clients,
    log: (message) => lines.push(message),
    meter: () => {},
    writer: onlyRegion,
  };

  const hits: Hit[] = [];
  const challenges: Hit[] = [];
  const consents = new Map<string, Receiver>();
  const receivers = new Map<string, Receiver>();
  const attempt = async ({ url, headers, body }: Sent): Promise<Attempted> => {
    const text = Buffer.from(body).toString();
    const challenge = challengeAnswer(body);
    if (challenge !== undefined) {
      challenges.push({ atMs: nowMs, host: new URL(url).hostname, headers, body: text, event: JSON.parse(text) });
      return (consents.get(new URL(url).hostname) ?? answers(200, { body: challenge }))(challenges.at(-1) as Hit);
    }
    const hit = { atMs: nowMs, host: new URL(url).hostname, headers, body: text, event: JSON.parse(text) };
    hits.push(hit);
    return (receivers.get(hit.host) ?? answers(200))(hit);
  };
  const keys = keyring(platform, 'tenant', dataKeys(platform));
  const worker = () => deliver({ ...deliverPorts(recorded(platform, 'deliver')), attempt });
  let deliverer = worker();
  const relayed = relay(platform);
  const relayedUpTo = new Map<string, number>();

  const relayAll = async (): Promise<void> => {
    for (const table of functions.relay.trigger.tables) {
      for (;;) {
        const from = relayedUpTo.get(table) ?? 0;
        const Records = aws.database.stream(table).slice(from, from + functions.relay.trigger.batchRecords);
        if (Records.length === 0) break;
        // What throws is read again, as Lambda does.
        const done = await relayed({ Records } as unknown as DynamoDBStreamEvent).catch(() => null);
        if (done !== null) relayedUpTo.set(table, from + Records.length);
      }
    }
  };

  /** One batch; false where there is none. */
  const deliverBatch = async (): Promise<boolean> => {
    const batch = receiveBatch(aws.queues, queue, batchMessages);
    if (batch === null) return false;
    const stopMs = nowMs + deliverMs;
    const context = { awsRequestId: 'deliveries', getRemainingTimeInMillis: () => stopMs - nowMs } as Context;
    trace = batch.trace;
    const answer = await deliverer(batch.event as SQSEvent, context);
    trace = undefined;
    batch.settle(answer);
    return true;
  };

  /** Everything that can happen without time going by. */
  const settle = async (): Promise<void> => {
    for (let rounds = 0; rounds < 10_000; rounds += 1) {
      await relayAll();
      if (!(await deliverBatch())) return;
    }
    throw new Error('it does not come to rest');
  };

  const falls = (beforeMs: number): boolean =>
    [...aws.database.items('webhooks')].some(({ due_sk }) => due_sk?.S !== undefined && due_sk.S < timestamp(beforeMs));

  const tenant = { tenant: merchant.tenant, mode: 'test' } as const;
  const act: AuditContext = {
    ...tenant,
    actor: { kind: 'key', id: merchant.actor_id },
    onBehalfOf: null,
    requestId: 'deliveries',
    address: null,
  };
  const webhooks = caller(serve(portsOf(platform), webhookRoutes));
  const reads = caller(apiHandler(() => everyPort(platform)));
  let made = 0;

  return {
    platform,
    aws,
    hits,
    /** Apart from hits: what asks an address whether it wants them. */
    challenges,
    lines,
    webhooks,
    reads,
    settle,
    relay: relayAll,
    now: () => nowMs,
    /** To AWS, so far. */
    calls: () => calls,
    /** Messages that were dead-lettered. */
    deadLettered: () => aws.queues.counts(deadLetters(queue)).ready,
    /** A key for the next request. */
    nextKey: (): string => {
      made += 1;
      return `key-${made}`;
    },
    /** What is at an address from now on. */
    at: (host: string, receiver: Receiver) => receivers.set(host, receiver),
    /** How an address answers challenges from now on; otherwise it gives them back. */
    consenting: (host: string, receiver: Receiver) => consents.set(host, receiver),
    /** Messages that could be received now are gone, as no queue ever loses them. */
    loseMessages: () => {
      for (const message of aws.queues.receive(queue, 1_000)) aws.queues.remove(queue, message);
    },
    /** The process is gone with all that it held in memory. */
    crash: () => {
      deliverer = worker();
    },
    /** A call takes so long. */
    linger: (ms: number): void => {
      nowMs += ms;
    },
    /** Lets time go by, from one moment at which something is due to the next. */
    async pass(ms: number): Promise<void> {
      // A clock counts whole milliseconds.
      const untilMs = nowMs + Math.floor(ms);
      await settle();
      while (nowMs < untilMs) {
        const nextMinuteMs = (Math.floor(nowMs / 60_000) + 1) * 60_000;
        const nextMessageMs = aws.queues.receivableAt(queue) ?? Number.POSITIVE_INFINITY;
        nowMs = Math.min(untilMs, nextMinuteMs, Math.max(nowMs + 1, nextMessageMs));
        // A run that would find nothing is left out.
        if (nowMs === nextMinuteMs && falls(nowMs + dispatcherLimits.aheadMs)) {
          await dispatch(platform, 55_000).catch(() => undefined);
        }
        await settle();
      }
    },
    /** A payment that was created, and captured at once: two events. */
    async pay(amount = 1_000, by: TenantScope = tenant): Promise<string> {
      made += 1;
      const id = derivedId('payment', 'us', ['deliveries', made]);
      const origin = { id, ...by, processor: 'test', bodyDigest: 'none' };
      const body = {
        amount,
        currency: 'EUR',
        payment_method: 'pm_test_visa',
        capture_method: 'automatic',
      };
      const sealedFields = await sealFields(
        keys,
        { object: 'payment', id, ...by },
        { description: null, metadata: {} },
      );
      const change = decide(origin, body as never, sealedFields, { ms: nowMs, text: timestamp(nowMs) });
      const done = await commitChange(platform, paymentRow, null, change, { ...act, ...by });
      if (done.kind === 'conflict') throw new Error('a payment was there already');
      const [created] = done.rows as readonly [Stored<Payment>];
      const fact = { kind: 'approved', charge: 'ch_1', captured: true } as const;
      const settled = settleCharge(created.value, fact, nowMs);
      if (settled === null) throw new Error('a payment was not settled');
      await commitChange(platform, paymentRow, created, settled, { ...act, ...by });
      return id;
    },
  };
}
