// What happens outside of the product: merchants' clients follow the plan, payers finish their challenges, people decide
// reviews, and now and then somebody reads what may not be theirs.

import { operations } from '../../contract/capabilities.ts';
import type { IdKind } from '../../contract/kernel/vocabulary.ts';
import { type Charge, statusOf } from '../../processor/money.ts';
import { client, type Heard } from './clients.ts';
import type { Draw } from './draw.ts';
import type { Reply, Request } from './gateway.ts';
import type { Merchant } from './merchants.ts';
import { type Intention, operationOf, type Plan, paymentMethods, type SavedSource, spanMs } from './plan.ts';
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

/** What waits for a payer or a person. */
const undecided: readonly string[] = ['requires_payment_method', 'requires_action', 'in_review'];

/** Everything that keys of tenants may read. */
const reads = operations.filter(({ method, actors }) => method === 'GET' && actors.includes('key'));

export class Business {
  readonly heard = new Map<string, Heard[]>();
  readonly payments = new Map<string, string>();
  /** Who reads, by position among the merchants. */
  readonly readers = new Map<string, number>();
  /** What each merchant named itself: that it knows. */
  readonly named: readonly Set<string>[];
  readonly #ports: BusinessPorts;
  /** Ids that merchants know of, by kind. */
  readonly #known = new Map<string, string[]>();
  /** Intentions about the payment of another one, by that one's name. */
  readonly #followers: ReadonlyMap<string | null, readonly Intention[]>;
  readonly #atWork = new Set<string>();
  readonly #unanswered: string[] = [];

  constructor(ports: BusinessPorts) {
    this.#ports = ports;
    this.named = ports.merchants.map(() => new Set<string>());
    this.#followers = Map.groupBy(
      ports.plan.intentions.filter(({ payment }) => payment !== null),
      ({ payment }) => payment,
    );
  }

  /** Plans all that does not wait for something else. */
  start(): void {
    const { plan, draw, timeline } = this.#ports;
    for (const intention of plan.intentions) if (intention.payment === null) this.#begin(intention);
    for (let index = 0; index < plan.reads; index += 1) {
      const name = `r${index}`;
      timeline.after(draw.between(`${name} at`, spanMs / 4, 2 * spanMs), () => this.#readSomething(name));
    }
  }

  done(): boolean {
    return this.#atWork.size === 0;
  }

  /** Payers and reviewers, each at a time of their own. */
  payersAct(round: number): void {
    const { draw, processor } = this.#ports;
    for (const charge of this.#undecided()) {
      if (this.#atWork.size > 0 && draw.chance(`payer ${charge.reference} waits ${round}`, 0.5)) continue;
      if (charge.outcome === 'requires_payment_method') {
        this.#choose(charge);
        continue;
      }
      const declined = draw.chance(`payer ${charge.reference} fails`, 0.2);
      const decline = charge.outcome === 'requires_action' ? 'authentication_failed' : 'review_rejected';
      processor.ledger.settle(charge.id, charge.outcome as 'requires_action', declined ? decline : null);
    }
  }

  /** Some payers never come; others choose once more where their choice was declined. */
  #choose({ id, reference, attempts }: Charge): void {
    const { draw, processor } = this.#ports;
    const method = draw.weighted(`payer ${reference} chooses ${attempts.length}`, paymentMethods);
    processor.ledger.choose(id, method);
  }

  /** Of those whose payer chooses: whoever stays away lets the payment expire. */
  #comes({ reference, outcome }: Charge): boolean {
    return outcome !== 'requires_payment_method' || !this.#ports.draw.chance(`payer ${reference} stays away`, 0.3);
  }

  waiting(): string[] {
    return [...this.#unanswered, ...this.#undecided().map(({ id }) => `the payer of ${id}`)];
  }

  #undecided(): Charge[] {
    const { processor, timeline } = this.#ports;
    return processor.ledger.book
      .latest()
      .filter((charge) => undecided.includes(statusOf(charge, timeline.now())) && this.#comes(charge));
  }

  #hear(name: string): (what: Heard) => void {
    const all: Heard[] = [];
    this.heard.set(name, all);
    return (what) => {
      this.#ports.trace?.(`${name} hears ${what.status} ${what.code ?? ''}`);
      all.push(what);
    };
  }

  #end(address: string, reply: Reply | null): void {
    this.#atWork.delete(address);
    if (reply === null) this.#unanswered.push(`${address}, who never got an answer`);
  }

  #begin(intention: Intention): void {
    const { name, arrivals } = intention;
    const request = this.#requestOf(intention);
    const listen = this.#hear(name);
    for (const arrival of arrivals) {
      const address = `${name}.${arrival.client}`;
      this.#atWork.add(address);
      this.#ports.timeline.after(arrival.atMs, () => {
        client(this.#ports, request, address, listen).then((reply) => {
          this.#end(address, reply);
          if (reply !== null && reply.status <= 201) this.#learn(intention, reply);
        });
      });
    }
  }

  #requestOf({ name, operation, body, payment, merchant: position }: Intention): Request {
    const { plan, merchants } = this.#ports;
    const merchant = merchants[position];
    if (merchant === undefined) throw new Error('a plan names a merchant who does not exist');
    const through = plan.connected && payment === null ? { connection: merchant.connection.id } : {};
    return {
      operation: operationOf(operation),
      params: { payment_id: this.payments.get(payment ?? '') ?? '' },
      body: { ...this.#paid(body, position), ...through },
      ...(operationOf(operation).creates !== undefined && { key: `key-${name}` }),
      credential: merchant.credential,
    };
  }

  /** Names the merchant's customer where its method is kept, or pays; and what a plan can't name yet. */
  #paid({ saved, ...body }: Intention['body'], position: number): object {
    const { merchants } = this.#ports;
    const { customer } = merchants[position] ?? {};
    if (saved === undefined) return body.setup_future_usage === undefined ? body : { ...body, customer };
    const { token, off_session, foreign } = saved as SavedSource;
    const owner = merchants[foreign ? (position + 1) % merchants.length : position];
    return { ...body, customer: owner?.customer, payment_method: owner?.savedMethods[token], off_session };
  }

  /** Whatever was made and heard of. */
  #learn(intention: Intention, { body }: Reply): void {
    const { id, object } = JSON.parse(body) as { readonly id: string; readonly object: string };
    const ids = this.#known.get(object) ?? [];
    if (ids.includes(id)) return;
    this.#known.set(object, [...ids, id]);
    if (intention.payment !== null) return;
    this.payments.set(intention.name, id);
    for (const follower of this.#followers.get(intention.name) ?? []) this.#begin(follower);
  }

  /** One read, by any merchant, of anything known by then. */
  #readSomething(name: string): void {
    const { draw, merchants } = this.#ports;
    const operation = draw.pick(`${name} operation`, reads);
    const params: Record<string, string> = {};
    for (const [, kind = ''] of operation.path.matchAll(/\{(\w+)_id\}/g)) {
      const ids = this.#idsOf(kind);
      if (ids === undefined) return;
      params[`${kind}_id`] = draw.pick(`${name} ${kind}`, ids);
    }
    const reader = draw.integer(`${name} merchant`, merchants.length);
    const credential = merchants[reader]?.credential ?? '';
    this.readers.set(name, reader);
    for (const id of Object.values(params)) this.named[reader]?.add(id);
    this.#atWork.add(name);
    client(this.#ports, { operation, params, credential }, name, this.#hear(name)).then((reply) =>
      this.#end(name, reply),
    );
  }

  #idsOf(kind: string): readonly string[] | undefined {
    return kind === ('tenant' satisfies IdKind)
      ? this.#ports.merchants.map(({ tenant }) => tenant)
      : this.#known.get(kind);
  }
}
