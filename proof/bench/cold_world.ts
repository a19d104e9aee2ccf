// What a cold process finds: bundles of both contestants, AWS and the processor on loopback, a key of each, and the events
// that the gateway would hand over. Everything is made by the bundles themselves.

import { mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { createPayment, getPayment } from '../../contract/payments/operations.ts';
import { createTenant } from '../../contract/tenants/operations.ts';
import { bundleFolder, bundleFunctions } from '../../lib/bundle.ts';
import { environment, region } from '../../test/kit/aws/environment.ts';
import { type MemoryAws, memoryAws } from '../../test/kit/aws/memory.ts';
import { eventOf, operator } from '../../test/kit/requests.ts';
import { childResult } from './children.ts';
import { authorizerEventOf, proxyEventOf } from './exchange.ts';
import { type Loopback, openLoopback } from './loopback.ts';
import { bytesFrom } from './surroundings.ts';
import { bundleTypical, typicalBundle } from './typical/bundle.ts';
import * as typicalSurroundings from './typical/surroundings.ts';
import { overWire } from './wire.ts';

export const steps = ['authorizer', 'create', 'get'] as const;
export type Step = (typeof steps)[number];
export type Side = 'ours' | 'typical';

/** What one process found (cold_child.mjs). */
export interface Cold {
  readonly answer: unknown;
  readonly importMs: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rssMb: number;
  readonly builtins: number;
  readonly undici: boolean;
  readonly bytes: number;
}

export interface ColdWorld {
  bundleBytes(side: Side, step: Step): Promise<number>;
  /** A fresh process answers its first request. */
  start(side: Side, step: Step, how: 'timed' | 'scripts'): Promise<Cold>;
  stop(): void;
}

const deadlineMs = 30_000;
const child = join(import.meta.dirname, 'cold_child.mjs');

const functionOf = { authorizer: 'authorizer', create: 'money', get: 'payments_read', tenants: 'tenants' } as const;
type Served = keyof typeof functionOf;

/** Where a side's bundle of what serves it is, within the folder of all bundles. */
const pathOf = (folder: string, side: Side, served: Served): string =>
  side === 'typical' && served !== 'tenants'
    ? typicalBundle(served, join(folder, 'typical'))
    : join(bundleFolder(functionOf[served], join(folder, 'ours')), 'index.mjs');

type Environments = Readonly<Record<Side, Readonly<Record<string, string>>>>;

/** Of both sides, with AWS at the URL. */
const environmentsAt = (url: string): Environments => {
  const reached = {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SESSION_TOKEN: 'none',
  };
  return {
    ours: { ...environment('measured', url), ...reached },
    typical: { ...typicalSurroundings.environment(url), ...reached },
  };
};

/** One event to a fresh process. */
type Run = (side: Side, served: Served, event: object, how: string) => Promise<Cold>;

const runIn =
  (folder: string, environments: Environments): Run =>
  async (side, served, event, how) => {
    const args = [child, pathOf(folder, side, served), JSON.stringify(event), how];
    return (await childResult(args, environments[side], deadlineMs)) as Cold;
  };

const bodyOf = ({ answer }: Cold) => JSON.parse((answer as APIGatewayProxyResult).body);

/** The secret key of a new tenant. */
async function makeKey(run: Run, { database }: MemoryAws): Promise<string> {
  const sent = { key: 'tenant', authorizer: operator, body: { name: 'Blue Bottle Books', zone: 'us' } };
  const tenant = bodyOf(await run('ours', 'tenants', eventOf(createTenant, sent), 'timed'));
  // Old enough for limits of its own, and used a moment ago: what a key mostly is.
  database.call('UpdateItem', {
    TableName: 'tenants',
    Key: { pk: { S: tenant.key }, sk: { S: 'key' } },
    UpdateExpression: 'SET created_at = :then, last_used_at = :now',
    ExpressionAttributeValues: { ':then': { S: '2026-11-01T00:00:00.000Z' }, ':now': { S: new Date().toISOString() } },
  });
  return tenant.secret_key as string;
}

/** The events of each step, made of what the step before was answered. */
class Events {
  readonly #credentials: Readonly<Record<Side, string>>;
  readonly #results: Record<Side, { context?: Record<string, string>; payment?: string }> = { ours: {}, typical: {} };
  #number = 0;

  constructor(credentials: Readonly<Record<Side, string>>) {
    this.#credentials = credentials;
  }

  next(side: Side, step: Step): object {
    this.#number += 1;
    const number = this.#number;
    const credential = this.#credentials[side];
    const { context, payment = '' } = this.#results[side];
    if (step === 'authorizer') return authorizerEventOf({ operation: createPayment, number }, credential);
    const request =
      step === 'create'
        ? { operation: createPayment, key: `order-${number}`, number }
        : { operation: getPayment, params: { payment_id: payment }, number };
    return proxyEventOf(request, credential, context);
  }

  answered(side: Side, step: Step, cold: Cold): void {
    const result = this.#results[side];
    if (step === 'authorizer') {
      result.context = (cold.answer as { context: Record<string, string> }).context;
      return;
    }
    const { id, status } = bodyOf(cold);
    if (status !== 'captured') throw new Error(`${side} ${step} was answered with ${JSON.stringify(cold.answer)}`);
    result.payment = id;
  }
}

export async function openColdWorld(): Promise<ColdWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
  await Promise.all([bundleFunctions(join(folder, 'ours')), bundleTypical(join(folder, 'typical'))]);
  const aws = memoryAws({ now: Date.now, random: bytesFrom('aws') });
  typicalSurroundings.install(aws);
  const loopback: Loopback = await openLoopback(overWire(async (call) => aws.answer(call)));
  const run = runIn(folder, environmentsAt(loopback.url));
  const events = new Events({ ours: await makeKey(run, aws), typical: typicalSurroundings.credential });

  return {
    bundleBytes: async (side, step) => (await stat(pathOf(folder, side, step))).size,
    async start(side, step, how) {
      const cold = await run(side, step, events.next(side, step), how);
      events.answered(side, step, cold);
      return cold;
    },
    stop() {
      loopback.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
