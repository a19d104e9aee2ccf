// Starts the real test processor as a process of its own, over a ledger in a folder of its own. Tests never share one.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { Order } from '../../lambdas/processors/domain/fact.ts';

export interface RunningProcessor {
  readonly url: string;
  readonly ledger: string;
  readonly child: ChildProcess;
  /** All that it wrote to standard error so far. */
  readonly notes: () => string;
  /** `kill -9`, and its end. */
  kill(): Promise<void>;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function newLedger(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-processor-'));
  folders.push(folder);
  return join(folder, 'ledger.jsonl');
}

export function spawnProcessor(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['processor/main.ts', ...args], { stdio: 'pipe' });
}

export async function startProcessor(ledger = newLedger(), ...args: string[]): Promise<RunningProcessor> {
  const child = spawnProcessor('--port', '0', '--ledger', ledger, ...args);
  let notes = '';
  child.stderr?.on('data', (chunk) => {
    notes += chunk;
  });
  if (child.stdout === null) throw new Error('no standard output');
  for await (const line of createInterface(child.stdout)) {
    const url = /^listening (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    const kill = async (): Promise<void> => {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
    };
    return { url, ledger, child, notes: () => notes, kill };
  }
  throw new Error(`the processor ended: ${notes}`);
}

export const ledgerLines = (ledger: string): string[] => readFileSync(ledger, 'utf8').split('\n').filter(Boolean);

/** Ledger lines of one reference that moved or authorized money. */
export const chargeLines = (ledger: string, reference: string): string[] =>
  ledgerLines(ledger).filter((line) => line.includes('"type":"charge"') && line.includes(`"reference":"${reference}"`));

let made = 0;

/** An order to charge 1000 EUR cents, captured at once, for a payment of its own. */
export function chargeOrder(payment_method: string, changes: Partial<Order> = {}): Order {
  made += 1;
  const id = derivedId('payment', 'eu', ['order', made]);
  const order = {
    kind: 'charge',
    id,
    reference: id,
    amount: 1000,
    currency: 'EUR',
    payment_method,
    return_url: 'https://pay.example/return',
    capture: true,
  } as const;
  return { ...order, charge: null, ...changes };
}

/** An order to change what `payment` charged. */
export function modificationOrder(
  kind: 'capture' | 'refund' | 'void',
  payment: Order,
  charge: string,
  amount: number,
): Order {
  made += 1;
  return { ...payment, kind, id: derivedId(kind, 'eu', ['order', made]), charge, amount };
}
