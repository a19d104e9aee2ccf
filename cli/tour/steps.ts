// The steps of a chapter: send a request and show it, compare its answer with what was expected, and read the processor's
// ledger or a list of the API.

import * as v from 'valibot';
import type { Reconciled } from '../../lambdas/payments/reconcile.ts';
import type { Ready } from './cloud.ts';
import { expect } from './expect.ts';
import type { Printer } from './printer.ts';
import type { Client, Reply, Sent } from './wire.ts';

export type Caller = Sent['as'];

/** What the control endpoint answers about a run of the reconciler. */
const ReconcilerRun = v.object({
  kind: v.literal('returned'),
  payload: v.object({ looked: v.number(), failed: v.number() } satisfies Record<keyof Reconciled, unknown>),
});

const reconcileEveryMs = 1_000;
const auditPollMs = 500;
const lookEveryMs = 100;
const runLookMs = 2_000;
/** Consequences of a change are visible within seconds. */
const followsMs = 15_000;
export const paymentFields = ['id', 'status', 'amount_captured', 'amount_refunded', 'amount_voided', 'last_error'];

export const text = (reply: Reply, field: string): string => {
  const value = reply.json[field];
  return typeof value === 'string' ? value : '';
};

export const dataOf = (json: Record<string, unknown>): Record<string, unknown>[] =>
  Array.isArray(json.data) ? json.data : [];

export class Tour {
  readonly #ready: Ready;
  readonly #client: Client;
  readonly #print: Printer;
  #aheadMs = 0;
  readonly owner: Caller;
  readonly neighbour: Caller;

  constructor(ready: Ready, client: Client, print: Printer) {
    this.#ready = ready;
    this.#client = client;
    this.#print = print;
    const [first, second] = ready.tenants.filter(({ zone }) => zone === 'us');
    this.owner = { name: 'owner', secret: first?.secret_key ?? '' };
    this.neighbour = { name: 'another tenant', secret: second?.secret_key ?? '' };
  }

  chapter(title: string): void {
    this.#print.chapter(title);
  }

  says(sentence: string): void {
    this.#print.says(sentence);
  }

  holds(expectation: string, is: boolean, seen: unknown): void {
    expect(expectation, is, seen);
    this.#print.met();
  }

  /** Sends without waiting; `received` shows what came. */
  begin(sent: Sent): Promise<Reply> {
    this.#print.request(sent);
    const reply = this.#client.send(this.#baseOf(sent), sent);
    // A tour that ends before it awaits the reply must not crash on its rejection.
    reply.catch(() => {});
    return reply;
  }

  #baseOf({ region }: Sent): string {
    return region === undefined ? this.#ready.api.us : (this.#ready.regions[region] ?? '');
  }

  received(reply: Reply, status: number, fields: readonly string[]): Reply {
    this.#print.reply(reply, fields);
    this.holds(`the answer is ${status}`, reply.status === status, `${reply.status} ${reply.text}`);
    return reply;
  }

  async send(sent: Sent, status: number, fields: readonly string[] = paymentFields): Promise<Reply> {
    return this.received(await this.begin(sent), status, fields);
  }

  async refused(sent: Sent, status: number, code: string): Promise<void> {
    const reply = await this.send(sent, status);
    this.holds(`the problem is ${code}`, reply.json.code === code, reply.text);
  }

  async charges(payment: string): Promise<Record<string, unknown>[]> {
    const charges = dataOf(await this.#client.fetchLocal(`${this.#ready.provider}/charges?reference=${payment}`));
    this.#print.ledger(charges.map(({ id, captured, refunded }) => ({ id, captured, refunded })));
    return charges;
  }

  /** The reconciler runs by itself each minute; here it is called until it has asked about something. */
  async reconcile(): Promise<void> {
    for (;;) {
      const outcome = await this.#client.fetchLocal(`${this.#ready.control}/schedules/reconciler/run?zone=us`, 'POST');
      this.holds('the reconciler runs', v.is(ReconcilerRun, outcome), outcome);
      const { looked, failed } = v.parse(ReconcilerRun, outcome).payload;
      this.holds('the reconciler fails at nothing', failed === 0, outcome);
      if (looked !== 0) return;
      await this.#client.pause(reconcileEveryMs);
    }
  }

  /** Entries of changes follow their commits by a moment. */
  async auditEntries(wanted: readonly string[]): Promise<Record<string, unknown>[]> {
    // Up to now: what is read here is recorded too, and would fill the page.
    const path = `/v1/audit_entries?limit=100&to=${new Date().toISOString()}`;
    const sent: Sent = { method: 'GET', path, as: this.owner };
    this.#print.request(sent);
    for (;;) {
      const reply = await this.#client.send(this.#ready.api.us, sent);
      this.holds('the answer is 200', reply.status === 200, reply.text);
      const entries = dataOf(reply.json);
      const seen = new Set(entries.flatMap(({ action, code }) => [action, code]));
      if (wanted.every((one) => seen.has(one))) return entries;
      await this.#client.pause(auditPollMs);
    }
  }

  /** What is read again and again until it is so: neither shown nor counted. */
  async read(path: string, as: Caller, region?: string): Promise<Record<string, unknown>> {
    const sent: Sent = { method: 'GET', path, as, ...(region !== undefined && { region }) };
    return (await this.#client.send(this.#baseOf(sent), sent)).json;
  }

  /** By the clock of the functions. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  async #secondsPass(seconds: number): Promise<void> {
    this.#aheadMs += seconds * 1_000;
    await this.control(`/clock/advance?seconds=${seconds}`);
  }

  /** Moves the clock of the functions, and runs what would run then. A run that waits, waits by that clock. */
  async minutePasses(schedule: string, region: string): Promise<void> {
    await this.#secondsPass(60);
    const run = this.control(`/schedules/${schedule}/run?zone=us&region=${region}`).then(() => true);
    while (!(await Promise.race([run, this.pause(runLookMs).then(() => false)]))) await this.#secondsPass(10);
  }

  /** What only this machine can do to a cloud: kill a region, move the clock, run a schedule now. */
  async control(path: string): Promise<void> {
    await this.#client.fetchLocal(`${this.#ready.control}${path}`, 'POST');
  }

  /** Looks until there is something. */
  async eventually<T>(expectation: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const untilMs = Date.now() + followsMs;
    for (;;) {
      const found = await look();
      expect(`${expectation} within ${followsMs / 1000} s`, found !== undefined || Date.now() < untilMs, '');
      if (found !== undefined) return found;
      await this.#client.pause(lookEveryMs);
    }
  }

  pause(ms: number): Promise<void> {
    return this.#client.pause(ms);
  }

  /** Where webhooks may be received on this machine. */
  get listen(): string {
    return this.#ready.listen;
  }

  arrived(line: string): void {
    this.#print.arrived(line);
  }

  table(rows: readonly (readonly string[])[]): void {
    this.#print.table(rows);
  }
}
