// Hands the lease of a zone over, or takes that back, as an operator asked. An audit entry comes before the row is touched: where it
// can't be written nothing is done.

import { randomUUID } from 'node:crypto';
import type { WriterLease } from '../../contract/writer/lease.ts';
import { Usage } from '../command_line.ts';
import { Changed, setSuccessor } from './change.ts';
import { follow } from './follow.ts';
import { type Act, NoAnswer, type Run, type RunOutcome } from './lease_access.ts';
import { handOverText, heldText, lateText, phaseText, statusLines, withdrawText } from './lines.ts';
import { type Plan, planOf, type Request } from './plan.ts';
import type { FailoverZone, RegionHealth } from './zone.ts';

export interface FailoverRequest {
  readonly request: Request;
  readonly statusOnly: boolean;
  /** Nobody is asked. */
  readonly yes: boolean;
  readonly evenIfUnhealthy: boolean;
}

export interface Terminal {
  say(line: string): void;
  /** What is typed; nothing where nobody is there. */
  ask(question: string): Promise<string>;
  sleep(ms: number): Promise<unknown>;
  /** By a clock that nobody sets. */
  elapsedMs(): number;
}

/** Throws a Usage where nothing was done, or where it did not come through, with what to do. */
export async function failover(zone: FailoverZone, terminal: Terminal, asked: FailoverRequest): Promise<void> {
  const { title, regions } = zone;
  const lease = await readFirst(zone);
  const health = new Map(
    await Promise.all(regions.map(async (region) => [region, await zone.health(region)] as const)),
  );
  terminal.say(statusLines({ title, lease, nowMs: await zone.now(), health }).join('\n'));
  if (asked.statusOnly) return;
  const plan = planOf(lease, regions, asked.request);
  if (plan.kind === 'hand over' && !asked.evenIfUnhealthy) requireHealthy(plan.to, health.get(plan.to));
  await execute(zone, terminal, plan, asked.yes);
}

/** That nobody knows whether alarms are on is shown, and no reason to stay: CloudWatch may be what has failed. */
function requireHealthy(region: string, health: RegionHealth | undefined): void {
  const otherwise = 'nothing was handed over. --even-if-unhealthy does it all the same.';
  if (health?.answers !== true) throw new Usage(`${region} does not answer by its page /health: ${otherwise}`);
  if (health.alarms?.length)
    throw new Usage(`${region} would not take the lease: ${health.alarms.join(' and ')} is on there, so ${otherwise}`);
}

async function readFirst({ title, lease }: FailoverZone): Promise<WriterLease> {
  const read = await lease.read().catch((thrown: unknown) => {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    throw new Usage(
      `The lease of ${title} can't be read in either region (${thrown.message}): nothing was done. Are these the right account's credentials?`,
    );
  });
  if (read !== undefined) return read;
  throw new Usage(`There is no lease of ${title}: nothing was done. The home makes the first one, within a minute.`);
}

async function execute(zone: FailoverZone, terminal: Terminal, plan: Plan, yes: boolean): Promise<void> {
  const { say } = terminal;
  switch (plan.kind) {
    case 'nothing':
      return say(plan.because);
    case 'follow':
      say(`A hand-over to ${plan.to} is under way: nothing is written, and this command watches it.`);
      return watch(zone, terminal, plan.shown, plan.to);
    case 'withdraw': {
      say(`\n${withdrawText(plan.shown, plan.from)}`);
      await confirm(terminal, yes, plan.shown.holder);
      const { holder } = await change(zone, terminal, 'writer/withdraw', plan.shown, null);
      return say(`The hand-over is taken back: ${holder} goes on writing.`);
    }
    case 'hand over': {
      say(`\n${handOverText(plan.shown, plan.to)}`);
      await confirm(terminal, yes, plan.to);
      const handed = await change(zone, terminal, 'writer/hand_over', plan.shown, plan.to);
      say(`The lease is handed over to ${plan.to}.`);
      return watch(zone, terminal, handed, plan.to);
    }
  }
}

/** What is typed names the region that is to write: whoever has the wrong one in mind can't say yes by habit. */
async function confirm({ ask }: Terminal, yes: boolean, region: string): Promise<void> {
  if (yes) return;
  const typed = await ask(`Type the name of the region that is to write (${region}): `);
  if (typed.trim() !== region) throw new Usage('Nothing was changed.');
}

/** Resolves with the row. `successor` null: a hand-over is taken back. */
async function change(
  { lease, actor, now }: FailoverZone,
  { say, sleep }: Terminal,
  act: Act,
  shown: WriterLease,
  successor: string | null,
): Promise<WriterLease> {
  const run: Run = { act, target: successor ?? shown.holder, id: randomUUID(), actor };
  const record = async (outcome: RunOutcome): Promise<void> => lease.record(run, outcome, await now());
  await record('requested').catch((thrown: unknown) => {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    throw new Usage(`The audit entry can't be written (${thrown.message}): nothing was changed.`);
  });
  const recordEnd = (outcome: RunOutcome): Promise<void> =>
    record(outcome).catch(() => say(`The audit entry "${outcome}" could not be written; "requested" is there.`));
  try {
    const written = await setSuccessor(lease, shown, successor, sleep);
    await recordEnd('committed');
    return written;
  } catch (thrown) {
    await recordEnd(thrown instanceof Changed ? 'refused' : 'failed');
    if (!(thrown instanceof NoAnswer)) throw thrown;
    throw new Usage(
      `DynamoDB gave no answer in either region (${thrown.message}). Whether the lease was changed is not known: --status shows it.`,
    );
  }
}

async function watch(zone: FailoverZone, terminal: Terminal, before: WriterLease, to: string): Promise<void> {
  const followed = await follow({
    lease: zone.lease,
    before,
    to,
    now: zone.now,
    elapsedMs: terminal.elapsedMs,
    sleep: terminal.sleep,
    onPhase: (phase, lease, nowMs) => terminal.say(phaseText(phase, lease, nowMs)),
  });
  switch (followed.kind) {
    case 'held':
      return terminal.say(heldText(followed.lease, followed.withoutWriterMs));
    case 'withdrawn':
      throw new Usage('The hand-over was taken back meanwhile, or the lease was taken by somebody else: see --status.');
    case 'late':
      throw new Usage(lateText(followed.lease, to, await zone.now()));
  }
}
