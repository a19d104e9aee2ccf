// What happens outside of the product: merchants' clients follow the plan, payers finish their challenges, people decide
// reviews, and now and then somebody reads what may not be theirs.

import { operations } from '../../contract/capabilities.ts';
import type { IdKind } from '../../contract/kernel/vocabulary.ts';
import { statusOf } from '../../processor/money.ts';
import { client, type Heard } from './clients.ts';
import type { Draw } from './draw.ts';
import type { Reply, Request } from './gateway.ts';
import type { Merchant } from './merchants.ts';
import { type Intention, operationOf, type Plan, spanMs } from './plan.ts';
import type { SimulatedProcessor } from './processor.ts';
import type { Timeline } from './timeline.ts';

export interface BusinessPorts {
  readonly plan: Plan;
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly merchants: readonly Merchant[];
  readonly processor: SimulatedProcessor;
  readonly send: (request: Request, address: string) => Promise<Reply | null>;
  readonly trace: ((text: string) => void) | undefined;
}

/** Everything that keys of tenants may read. */
const reads = operations.filter(({ method, actors }) => method === 'GET' && actors.includes('key'));

export function business({ plan, draw, timeline, merchants, processor, send, trace }: BusinessPorts) {
  const heard = new Map<string, Heard[]>();
  const payments = new Map<string, string>();
  /** Ids that merchants know of, by kind. */
  const known = new Map<string, string[]>();
  const followers = Map.groupBy(
    plan.intentions.filter(({ payment }) => payment !== null),
    ({ payment }) => payment,
  );
  const atWork = new Set<string>();
  /** Who reads, by position among the merchants. */
  const readers = new Map<string, number>();
  /** What each merchant named itself: that it knows. */
  const named = merchants.map(() => new Set<string>());
  const unanswered: string[] = [];
  const end = (address: string, reply: Reply | null): void => {
    atWork.delete(address);
    if (reply === null) unanswered.push(`${address}, who never got an answer`);
  };

  const hear = (name: string) => {
    const all: Heard[] = [];
    heard.set(name, all);
    return (what: Heard): void => {
      trace?.(`${name} hears ${what.status} ${what.code ?? ''}`);
      all.push(what);
    };
  };

  /** Whatever was made and heard of. */
  const learn = (intention: Intention, { body }: Reply): void => {
    const { id, object } = JSON.parse(body) as { readonly id: string; readonly object: string };
    const ids = known.get(object) ?? [];
    if (ids.includes(id)) return;
    known.set(object, [...ids, id]);
    if (intention.payment !== null) return;
    payments.set(intention.name, id);
    for (const follower of followers.get(intention.name) ?? []) begin(follower);
  };

  const begin = (intention: Intention): void => {
    const { name, arrivals, body, payment } = intention;
    const operation = operationOf(intention.operation);
    const merchant = merchants[intention.merchant];
    if (merchant === undefined) throw new Error('a plan names a merchant who does not exist');
    const params = { payment_id: payments.get(payment ?? '') ?? '' };
    const through = plan.connected && payment === null ? { connection: merchant.connection.id } : {};
    const sent = { ...body, ...through };
    const request = { operation, params, body: sent, key: `key-${name}`, credential: merchant.credential };
    const listen = hear(name);
    for (const arrival of arrivals) {
      const address = `${name}.${arrival.client}`;
      atWork.add(address);
      timeline.after(arrival.atMs, () => {
        client({ timeline, draw, send }, request, address, listen).then((reply) => {
          end(address, reply);
          if (reply?.status === 201) learn(intention, reply);
        });
      });
    }
  };

  /** One read, by whomever, of whatever is known by then. */
  const readSomething = (name: string): void => {
    const operation = draw.pick(`${name} operation`, reads);
    const params: Record<string, string> = {};
    for (const [, kind = ''] of operation.path.matchAll(/\{(\w+)_id\}/g)) {
      const ids = kind === ('tenant' satisfies IdKind) ? merchants.map(({ tenant }) => tenant) : known.get(kind);
      if (ids === undefined) return;
      params[`${kind}_id`] = draw.pick(`${name} ${kind}`, ids);
    }
    const reader = draw.integer(`${name} merchant`, merchants.length);
    const credential = merchants[reader]?.credential ?? '';
    readers.set(name, reader);
    for (const id of Object.values(params)) named[reader]?.add(id);
    atWork.add(name);
    client({ timeline, draw, send }, { operation, params, credential }, name, hear(name)).then((reply) =>
      end(name, reply),
    );
  };

  for (const intention of plan.intentions) if (intention.payment === null) begin(intention);
  for (let index = 0; index < plan.reads; index += 1) {
    const name = `r${index}`;
    timeline.after(draw.between(`${name} at`, spanMs / 4, 2 * spanMs), () => readSomething(name));
  }

  const undecided = () =>
    processor.ledger.book
      .latest()
      .filter((charge) => ['requires_action', 'in_review'].includes(statusOf(charge, timeline.now())));

  return {
    heard,
    payments,
    readers,
    named,
    done: (): boolean => atWork.size === 0,
    /** Payers and reviewers, each at a time of their own. */
    payersAct(round: number): void {
      for (const charge of undecided()) {
        if (atWork.size > 0 && draw.chance(`payer ${charge.reference} waits ${round}`, 0.5)) continue;
        const declined = draw.chance(`payer ${charge.reference} fails`, 0.2);
        const decline = charge.outcome === 'requires_action' ? 'authentication_failed' : 'review_rejected';
        processor.ledger.settle(charge.id, charge.outcome as 'requires_action', declined ? decline : null);
      }
    },
    waiting: (): string[] => [...unanswered, ...undecided().map(({ id }) => `the payer of ${id}`)],
  };
}
