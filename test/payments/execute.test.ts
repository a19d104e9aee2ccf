// Executing an operation at a processor that a script plays: what is sent, for how long, under which key, what the answer
// changes, and what happens where another commit was faster.

import {
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commitLimits } from '../../contract/kernel/limits.ts';
import { dueShards } from '../../contract/kernel/table.ts';
import { moneyLimits as limits } from '../../contract/payments/limits.ts';
import { sealFields } from '../../lambdas/kernel/crypto/sealed_fields.ts';
import { Defect, Refusal } from '../../lambdas/kernel/domain/refusal.ts';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type AuditContext, commitChange } from '../../lambdas/kernel/store/commit.ts';
import { requestModification } from '../../lambdas/payments/domain/modification.ts';
import type { ProcessorOperation } from '../../lambdas/payments/domain/operation.ts';
import { intentOf } from '../../lambdas/payments/domain/operation.ts';
import { createPayment as decide } from '../../lambdas/payments/domain/payment.ts';
import { execute, executeAndReply, firstReply, recordSettlement } from '../../lambdas/payments/execute.ts';
import { holdLease, resumeOrReplay } from '../../lambdas/payments/idempotent_replay.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';
import { reconcile } from '../../lambdas/payments/reconcile.ts';
import {
  commitOperation,
  loadOperation,
  operationOf,
  paymentRow,
  type StoredOperation,
} from '../../lambdas/payments/store.ts';
import type { Order, ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';
import { approved, at } from './payment_states.ts';

let runtime: RuntimeFixture;
beforeAll(async () => {
  runtime = await openRuntime();
});
afterAll(() => runtime.stop());

const day = 24 * 3_600_000;
const act: AuditContext = {
  tenant: `ten_us_${'e'.repeat(26)}`,
  mode: 'test',
  actor: { kind: 'key', id: 'key_1' },
  onBehalfOf: null,
  requestId: 'req-execute',
  address: null,
};
const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' } as const;
const notCharged = { kind: 'not_charged' } as const;
const unknown = { kind: 'unknown' } as const;
let made = 0;

interface Asked {
  readonly how: 'send' | 'lookUp';
  readonly order: Order;
  readonly key?: string;
  readonly deadlineMs: number;
}

/** The platform with a clock that stands, a processor that answers in turn, and an operation whose lease has begun. */
async function given(facts: readonly (ProviderFact | (() => Promise<ProviderFact>))[], more: Partial<Platform> = {}) {
  let nowMs = runtime.platform.clock();
  const asked: Asked[] = [];
  const slept: number[] = [];
  const script = [...facts];
  made += 1;
  const id = derivedId('payment', 'us', ['execute', made]);
  const answer = async (call: Asked): Promise<ProviderFact> => {
    // What earlier tests left behind, the reconciler finds too: of that nothing is known.
    if (call.order.reference !== id) return unknown;
    asked.push(call);
    const next = script.shift();
    if (next === undefined) throw new Error('the processor was asked more than the script knows');
    return typeof next === 'function' ? next() : next;
  };
  const processor: Processor = {
    name: 'script',
    keyLifetimeMs: day,
    accepts: () => true,
    send: (order, key, deadlineMs) => answer({ how: 'send', order, key, deadlineMs }),
    lookUp: (order, deadlineMs) => answer({ how: 'lookUp', order, deadlineMs }),
  };
  const platform: Platform = {
    ...runtime.platform,
    clock: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
    },
    ...more,
  };
  const ports: MoneyPorts = { ...moneyPorts(platform), processorOf: async () => processor };
  const { next, fact } = decide(
    { id, tenant: act.tenant, mode: 'test', processor: 'script', bodyDigest: await ports.digests.of(body) },
    { ...body, capture_method: 'automatic' },
    await sealFields(
      moneyPorts(runtime.platform).keyring,
      { object: 'payment', id, tenant: act.tenant, mode: act.mode },
      { description: null, metadata: {} },
    ),
    at(nowMs),
  );
  const done = await commitChange(runtime.platform, paymentRow, null, { next, fact }, act);
  if (done.kind !== 'committed') throw new Error('it was there');
  const stored: StoredOperation = { payment: done.rows[0], modification: null };
  return {
    ports,
    asked,
    slept,
    id,
    stored,
    pass(ms: number) {
      nowMs += ms;
    },
    later: async (): Promise<ProcessorOperation> => {
      const found = await loadOperation(runtime.platform, id, null);
      if (found === undefined) throw new Error('it is gone');
      return operationOf(found);
    },
  };
}

/** The platform, where something happens before each write. */
const whereWrites = (before: () => void | Promise<void>): Pick<Platform, 'dynamodb'> => ({
  dynamodb: new Proxy(runtime.platform.dynamodb, {
    get(target, property) {
      if (property !== 'send') return Reflect.get(target, property, target);
      return async (command: Parameters<typeof target.send>[0]) => {
        if (command instanceof PutItemCommand || command instanceof TransactWriteItemsCommand) await before();
        return target.send(command);
      };
    },
  }),
});
const refuse = () => {
  throw new Refusal('unavailable');
};
const conflict = () => {
  throw new TransactionConflictException({ message: 'Transaction is ongoing', $metadata: {} });
};

describe('[PAY-1] an order', () => {
  it('is sent under its object’s key and first attempt, with all the time that a provider gets', async () => {
    const world = await given([approved(true)]);
    const answer = await executeAndReply(world.ports, world.stored, act);
    expect(JSON.parse(answer.body)).toMatchObject({ id: world.id, status: 'captured' });
    expect(answer.outcome).toBe('committed');
    expect(world.asked).toMatchObject([
      {
        how: 'send',
        key: `${world.id}.1`,
        deadlineMs: limits.providerDeadlineMs,
        order: { id: world.id, kind: 'charge' },
      },
    ]);
  });

  it.each([
    [0, limits.providerDeadlineMs],
    [limits.leaseMs - limits.leaseMarginMs - 3_000, 3_000],
    [limits.leaseMs - limits.leaseMarginMs - limits.providerMinMs, limits.providerMinMs],
    [limits.leaseMs - limits.leaseMarginMs - limits.providerMinMs + 1, null],
    [limits.leaseMs, null],
  ])('with %i ms of its lease gone, is given %s ms', async (goneMs, deadlineMs) => {
    const world = await given([unknown]);
    world.pass(goneMs);
    const { stored } = await execute(world.ports, world.stored, act);
    expect(world.asked.map((call) => call.deadlineMs)).toEqual(deadlineMs === null ? [] : [deadlineMs]);
    expect(stored.payment.value.status).toBe('processing');
    expect(stored.payment.value.intent).toMatchObject({ attempt: 1, lease_until_ms: null, recheck_count: 1 });
  });

  it('of which nobody holds the lease is not sent', async () => {
    const world = await given([]);
    const { value } = world.stored.payment;
    const idle = { ...value, intent: { ...value.intent, lease_until_ms: null } };
    await execute(world.ports, { payment: { ...world.stored.payment, value: idle }, modification: null }, act);
    expect(world.asked).toEqual([]);
  });

  it('that is known not to have been executed is sent once more, under the next key, and then fails', async () => {
    const world = await given([notCharged, notCharged]);
    const { body, outcome } = await executeAndReply(world.ports, world.stored, act);
    expect(world.asked.map(({ how, key }) => [how, key])).toEqual([
      ['send', `${world.id}.1`],
      ['send', `${world.id}.2`],
    ]);
    expect(JSON.parse(body)).toMatchObject({ status: 'failed', last_error: { retriable: true } });
    expect(outcome).toBe('committed');
  });

  it('has its answers in the log, by object and attempt', async () => {
    const slow = async (): Promise<ProviderFact> => {
      world.pass(70);
      return notCharged;
    };
    const world = await given([slow, approved(true)]);
    const from = runtime.lines.length;
    await execute(world.ports, world.stored, act);
    expect(runtime.lines.slice(from)).toEqual([
      {
        message: 'provider_answered',
        fields: { object: world.id, tenant: act.tenant, attempt: 1, provider_fact: 'not_charged', duration_ms: 70 },
      },
      {
        message: 'provider_answered',
        fields: { object: world.id, tenant: act.tenant, attempt: 2, provider_fact: 'approved', duration_ms: 0 },
      },
    ]);
  });

  it('whose processor cannot be reached now stays open, and is logged', async () => {
    const world = await given([]);
    const from = runtime.lines.length;
    const processorOf = () => Promise.reject(new Refusal('unavailable'));
    await execute({ ...world.ports, processorOf }, world.stored, act);
    expect(intentOf(await world.later())).toMatchObject({ attempt: 1, lease_until_ms: null });
    expect(runtime.lines.slice(from)).toEqual([
      {
        message: 'operation_not_executed',
        fields: { object: world.id, tenant: act.tenant, attempt: 1, code: 'unavailable' },
      },
    ]);
  });

  it('is not sent where no processor is connected', async () => {
    const { processorOf } = moneyPorts(runtime.platform);
    const payment = { tenant: act.tenant, mode: 'test', connection: null, processor: 'test' } as const;
    await expect(processorOf({ ...payment, mode: 'live' })).rejects.toThrow('the test processor takes no live payment');
    await expect(processorOf({ ...payment, processor: 'stripe' })).rejects.toThrow(
      'names a provider and no connection',
    );
    expect((await processorOf(payment)).name).toBe('test');
    expect(await processorOf(payment)).toBe(await processorOf(payment));
  });

  it('that would be sent for ever is a defect', async () => {
    const world = await given([notCharged, notCharged]);
    const { value } = world.stored.payment;
    const early = { ...value, intent: { ...value.intent, attempt: 0 } };
    const held = { payment: { ...world.stored.payment, value: early }, modification: null };
    await expect(execute(world.ports, held, act)).rejects.toThrow(
      'an operation was sent more often than its attempts allow',
    );
  });
});

describe('[PAY-1] an order whose key the processor may have forgotten', () => {
  const lookedUp = async (afterMs: number, facts: ProviderFact[]) => {
    const world = await given(facts);
    world.pass(afterMs);
    const found = await loadOperation(runtime.platform, world.id, null);
    const held = found && (await holdLease(world.ports, found, act));
    if (!held) throw new Error('the lease runs');
    const executed = await execute(world.ports, held, act);
    return { how: world.asked.map(({ how }) => how), status: executed.stored.payment.value.status };
  };

  it('is sent for half of its lifetime, and then only looked for', async () => {
    expect(await lookedUp(day / 2, [unknown])).toEqual({ how: ['send'], status: 'processing' });
    expect(await lookedUp(day / 2 + 1, [approved(true)])).toEqual({ how: ['lookUp'], status: 'captured' });
  });

  it('and that is not found is failed only when nothing of it can be on its way any more', async () => {
    const provenMs = day / 2 + limits.notFoundConclusiveAfterMs;
    expect(await lookedUp(provenMs, [notCharged])).toEqual({ how: ['lookUp'], status: 'processing' });
    expect(await lookedUp(provenMs + 1, [notCharged])).toEqual({ how: ['lookUp'], status: 'failed' });
  });
});

describe('[PAY-1] a charge that the processor holds', () => {
  it('is asked about and never sent again', async () => {
    const world = await given([{ kind: 'pending', charge: 'ch_1' }, approved(true)]);
    await execute(world.ports, world.stored, act);
    const found = await loadOperation(runtime.platform, world.id, null);
    const held = found && (await holdLease(world.ports, found, act));
    if (!held) throw new Error('the lease runs');
    await execute(world.ports, held, act);
    expect(world.asked.map(({ how }) => how)).toEqual(['send', 'lookUp']);
    expect((await world.later()).payment.status).toBe('captured');
  });
});

describe('[PAY-1] a settlement that others are faster with', () => {
  it('leaves what they settled, and answers with the reply that they wrote', async () => {
    const other = await given([]);
    const settle = async (): Promise<ProviderFact> => {
      const found = await loadOperation(runtime.platform, world.id, null);
      if (found === undefined) throw new Error('it is gone');
      const ports = { ...other.ports, processorOf: async () => winner };
      await execute(ports, found, act);
      return { kind: 'declined', declineCode: null, message: 'No.' };
    };
    const world = await given([settle]);
    const winner = {
      ...(await world.ports.processorOf(world.stored.payment.value)),
      send: async () => approved(true),
    } as Processor;
    const answer = await executeAndReply(world.ports, world.stored, act);
    expect(JSON.parse(answer.body)).toMatchObject({ id: world.id, status: 'captured' });
    expect(answer.outcome).toBe('replayed');
    expect(world.slept).toHaveLength(1);
  });

  it('is tried again a bounded number of times, each time later, and then refused for now', async () => {
    const world = await given([approved(true)], {
      ...whereWrites(conflict),
      random: (n) => new Uint8Array(n).fill(255),
    });
    const refused = await execute(world.ports, world.stored, act).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 20 } });
    const pauses = Array.from({ length: commitLimits.tries - 1 }, (_, tries) => 25 * (1 + Math.min(tries, 8)));
    expect(world.slept).toEqual(pauses);
  });

  it('is a defect where the operation is gone', async () => {
    const world = await given([approved(true)], whereWrites(conflict));
    const { payment } = world.stored;
    const gone = { payment: { ...payment, value: { ...payment.value, id: 'pay_gone' } }, modification: null };
    const decide = (now: ProcessorOperation) => ({ next: now, fact: null, again: false });
    const recording = recordSettlement(world.ports, gone, decide, act);
    await expect(recording).rejects.toThrow('a committed operation is gone');
    expect(world.slept).toHaveLength(1);
  });

  it('of a modification decides on it as it is by then', async () => {
    let meets = true;
    const conflictOnce = () => {
      if (meets) conflict();
    };
    const world = await given([approved(false)], whereWrites(conflictOnce));
    meets = false;
    const { stored } = await execute(world.ports, world.stored, act);
    const id = derivedId('capture', 'us', ['raced', world.id]);
    const request = { kind: 'capture', id, amount: 300, sealedFields: null, bodyDigest: '1.x' } as const;
    const requested = requestModification(stored.payment.value, request, at(world.ports.platform.clock()));
    if ('refused' in requested) throw new Error(requested.refused);
    const held = await commitOperation(runtime.platform, { ...stored, modification: null }, requested, act);
    if (typeof held === 'symbol') throw new Error('it was there');
    const seen: (string | undefined)[] = [];
    meets = true;
    const decide = (now: ProcessorOperation) => {
      seen.push(now.modification?.id);
      meets = seen.length < 2;
      return { next: now, fact: null, again: false };
    };
    await recordSettlement(world.ports, held, decide, act);
    expect(seen).toEqual([id, id]);
  });
});

describe('[PAY-1] the first reply', () => {
  it('is sealed in its place in the commit that settles, and replayed from there', async () => {
    const world = await given([approved(true)]);
    const { stored, first } = await execute(world.ports, world.stored, act);
    const { reply } = (await world.later()).payment;
    const place = {
      tenant: act.tenant,
      mode: act.mode,
      purpose: 'reply',
      table: 'payments',
      item: world.id,
      field: 'reply',
    };
    expect(reply && (await world.ports.keyring.open(reply, place))).toBe(first?.body);
    expect(await firstReply(world.ports, stored)).toEqual({ body: first?.body, outcome: 'replayed' });
  });

  it('of an outcome that is not known is given, and stays when it is known', async () => {
    const world = await given([unknown, approved(true)]);
    const { first, stored } = await execute(world.ports, world.stored, act);
    expect(first?.outcome).toBe('unchanged');
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ status: 'processing' });
    const held = await holdLease(world.ports, stored, act);
    const settled = held && (await execute(world.ports, held, act));
    expect(settled).toMatchObject({ first: null, stored: { payment: { value: { status: 'captured' } } } });
    expect((await firstReply(world.ports, settled?.stored ?? stored)).body).toBe(first?.body);
  });

  it('that another is about to write is awaited', async () => {
    const world = await given([]);
    await expect(firstReply(world.ports, world.stored)).rejects.toMatchObject({
      code: 'idempotency_in_progress',
      details: { retryAfterSeconds: 1 },
    });
  });

  it('of a modification is its own, in its own place', async () => {
    const world = await given([approved(false), approved(true)]);
    const { stored } = await execute(world.ports, world.stored, act);
    const id = derivedId('capture', 'us', ['execute', world.id]);
    const request = { kind: 'capture', id, amount: 300, sealedFields: null, bodyDigest: '1.x' } as const;
    const decided = requestModification(stored.payment.value, request, at(world.ports.platform.clock()));
    if ('refused' in decided) throw new Error(decided.refused);
    const held = await commitOperation(runtime.platform, stored, decided, act);
    if (typeof held === 'symbol') throw new Error('it was there');
    const executed = await execute(world.ports, held, act);
    expect(JSON.parse(executed.first?.body ?? '')).toMatchObject({ id, object: 'capture', status: 'succeeded' });
    const { reply } = executed.stored.modification?.value ?? {};
    const place = { tenant: act.tenant, mode: act.mode, purpose: 'reply', table: 'payments', item: id, field: 'reply' };
    expect(reply && (await world.ports.keyring.open(reply, place))).toBe(executed.first?.body);
    expect(executed.stored.modification?.value.id).toBe(id);
  });
});

describe('[PAY-1] a repeat', () => {
  it('resumes where nobody holds the lease any more, and must wait where another was faster', async () => {
    const world = await given([approved(true)]);
    await expect(resumeOrReplay(world.ports, world.stored, body, act)).rejects.toMatchObject({
      code: 'idempotency_in_progress',
      details: { retryAfterSeconds: 20 },
    });
    await expect(resumeOrReplay(world.ports, world.stored, { ...body, amount: 1 }, act)).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    world.pass(limits.leaseMs);
    const busy = { ...world.ports, platform: { ...world.ports.platform, ...whereWrites(conflict) } };
    await expect(resumeOrReplay(busy, world.stored, body, act)).rejects.toMatchObject({
      code: 'idempotency_in_progress',
      details: { retryAfterSeconds: 1 },
    });
    const answer = await resumeOrReplay(world.ports, world.stored, body, act);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'captured' });
    const found = await loadOperation(runtime.platform, world.id, null);
    expect(found && (await resumeOrReplay(world.ports, found, body, act))).toEqual({ ...answer, outcome: 'replayed' });
  });

  it('takes a lease of its own length, and no lease that runs', async () => {
    const world = await given([]);
    expect(await holdLease(world.ports, world.stored, act)).toBeNull();
    world.pass(limits.leaseMs);
    const held = await holdLease(world.ports, world.stored, act);
    const until = world.ports.platform.clock() + limits.leaseMs;
    expect(held && intentOf(operationOf(held)).lease_until_ms).toBe(until);
    expect(await holdLease(world.ports, world.stored, act)).toBeNull();
  });
});

/** The platform, where queries of what is due are answered otherwise. */
const whereDue = (answer: (input: QueryCommandInput) => object): Pick<Platform, 'dynamodb'> => ({
  dynamodb: new Proxy(runtime.platform.dynamodb, {
    get(target, property) {
      if (property !== 'send') return Reflect.get(target, property, target);
      return async (command: Parameters<typeof target.send>[0]) =>
        command instanceof QueryCommand && command.input.IndexName === 'due'
          ? answer(command.input)
          : target.send(command);
    },
  }),
});

describe('[PAY-1] the reconciler', () => {
  // What is due in a runtime is all that there is: each test has its own.
  beforeEach(async () => {
    await runtime.stop();
    runtime = await openRuntime();
  });

  it('goes through every shard once, and begins each minute with another', async () => {
    for (const minute of [0, 1, 7]) {
      const shards: number[] = [];
      const nowMs = (30_000_000 + minute) * 60_000 + 59_999;
      const due = whereDue(({ ExpressionAttributeValues: values }) => {
        shards.push(Number(values?.[':partition']?.S));
        return {};
      });
      const world = await given([], { ...due, clock: () => nowMs });
      await reconcile(world.ports, 'req-reconcile', 55_000);
      const first = (30_000_000 + minute) % dueShards;
      expect(shards).toEqual(Array.from({ length: dueShards }, (_, turn) => (first + turn) % dueShards));
    }
  });

  it('turns page after page while its time lasts, and looks into every shard even then', async () => {
    let queries = 0;
    const due = whereDue(() => {
      queries += 1;
      world.pass(10_000);
      return { Items: [], LastEvaluatedKey: { pk: { S: 'more' } } };
    });
    const world = await given([], due);
    await reconcile(world.ports, 'req-reconcile', 55_000);
    expect(queries).toBe(4 + dueShards - 1);
  });

  it('leaves alone what was settled since it was due, and logs what is gone', async () => {
    const settled = await given([approved(true)]);
    const { stored } = await execute(settled.ports, settled.stored, act);
    let pages = 0;
    const due = whereDue(() => {
      pages += 1;
      const rows = [settled.id, 'pay_us_gone'].map((pk) => ({ pk: { S: pk }, sk: { S: 'payment' } }));
      return { Items: pages === 1 ? rows : [] };
    });
    const world = await given([], due);
    const from = runtime.lines.length;
    expect(await reconcile(world.ports, 'req-reconcile', 55_000)).toEqual({ looked: 0, failed: 1 });
    expect(runtime.lines.slice(from)).toContainEqual({
      message: 'reconcile_item_failed',
      fields: { object: 'pay_us_gone', defect: 'a due operation is gone' },
    });
    expect((await loadOperation(runtime.platform, settled.id, null))?.payment.version).toBe(stored.payment.version);
  });

  it('names nothing that was thrown and is no error', async () => {
    const world = await given([]);
    world.pass(limits.leaseMs);
    const from = runtime.lines.length;
    const processorOf = () => Promise.reject('a secret');
    expect(await reconcile({ ...world.ports, processorOf }, 'req-reconcile', 55_000)).toEqual({ looked: 0, failed: 1 });
    expect(runtime.lines.slice(from)).toContainEqual({
      message: 'reconcile_item_failed',
      fields: { object: world.id, defect: 'unknown' },
    });
  });

  it('settles what is due as the system, logs how many, and leaves what is held or settled', async () => {
    const world = await given([approved(true)]);
    const held = await given([]);
    const settled = await given([approved(true)]);
    await execute(settled.ports, settled.stored, act);
    world.pass(limits.leaseMs + 60_000);
    const { value } = held.stored.payment;
    const intent = { ...value.intent, lease_until_ms: held.ports.platform.clock() + day };
    await commitChange(
      runtime.platform,
      paymentRow,
      held.stored.payment,
      { next: { ...value, intent }, fact: null },
      act,
    );
    const from = runtime.lines.length;
    const reconciled = await reconcile(world.ports, 'req-reconcile', 55_000);
    expect(reconciled).toEqual({ looked: 1, failed: 0 });
    expect((await world.later()).payment.status).toBe('captured');
    expect((await held.later()).payment.status).toBe('processing');
    expect(runtime.lines.slice(from).at(-1)).toEqual({
      message: 'reconcile_finished',
      fields: { count: reconciled.looked, failed: reconciled.failed, request_id: 'req-reconcile' },
    });
    const { payment } = (await loadOperation(runtime.platform, world.id, null)) ?? {};
    expect(payment?.fact).toMatchObject({
      actor: { kind: 'system', id: 'reconciler' },
      request_id: 'req-reconcile',
      tenant: act.tenant,
      mode: 'test',
      on_behalf_of: null,
      address: null,
    });
  });

  it('starts nothing when its own time is over', async () => {
    const world = await given([]);
    world.pass(limits.leaseMs);
    expect(await reconcile(world.ports, 'req-reconcile', 15_000)).toEqual({ looked: 0, failed: 0 });
    expect((await world.later()).payment.status).toBe('processing');
  });

  it('goes on past what fails, and says what failed by its kind alone', async () => {
    const world = await given([
      async () => {
        throw new TypeError('a secret');
      },
    ]);
    world.pass(limits.leaseMs);
    const from = runtime.lines.length;
    const failing: MoneyPorts = {
      ...world.ports,
      processorOf: () => Promise.reject(new TypeError('a secret')),
    };
    const { failed } = await reconcile(failing, 'req-reconcile', 55_000);
    expect(failed).toBeGreaterThan(0);
    const failures = runtime.lines.slice(from).filter(({ message }) => message === 'reconcile_item_failed');
    expect(failures).toHaveLength(failed);
    expect(failures).toContainEqual({
      message: 'reconcile_item_failed',
      fields: { object: world.id, defect: 'TypeError' },
    });
    expect(JSON.stringify(failures)).not.toContain('a secret');
  });

  it('counts a refusal as neither looked at nor failed', async () => {
    const world = await given([], whereWrites(refuse));
    world.pass(limits.leaseMs * 2);
    expect(await reconcile(world.ports, 'req-reconcile', 55_000)).toEqual({ looked: 0, failed: 0 });
    const defective: MoneyPorts = {
      ...world.ports,
      platform: { ...world.ports.platform, dynamodb: runtime.platform.dynamodb },
      processorOf: () => Promise.reject(new Defect('what is wrong')),
    };
    world.pass(limits.leaseMs * 2);
    const from = runtime.lines.length;
    await reconcile(defective, 'req-reconcile', 55_000);
    expect(runtime.lines.slice(from)).toContainEqual({
      message: 'reconcile_item_failed',
      fields: { object: world.id, defect: 'what is wrong' },
    });
  });
});
