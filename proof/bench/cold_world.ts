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
import { memoryAws } from '../../test/kit/aws/memory.ts';
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

export async function openColdWorld(): Promise<ColdWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
  await Promise.all([bundleFunctions(join(folder, 'ours')), bundleTypical(join(folder, 'typical'))]);
  const aws = memoryAws({ now: Date.now, random: bytesFrom('aws') });
  typicalSurroundings.install(aws);
  const loopback: Loopback = await openLoopback(overWire(async (call) => aws.answer(call)));
  const reached = {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: loopback.url,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SESSION_TOKEN: 'none',
  };
  const environments = {
    ours: { ...environment('measured', loopback.url), ...reached },
    typical: { ...typicalSurroundings.environment(loopback.url), ...reached },
  };
  const ours = { authorizer: 'authorizer', create: 'money', get: 'payments_read', tenants: 'tenants' } as const;
  const pathOf = (side: Side, step: Step | 'tenants'): string =>
    side === 'typical' && step !== 'tenants'
      ? typicalBundle(step, join(folder, 'typical'))
      : join(bundleFolder(ours[step], join(folder, 'ours')), 'index.mjs');

  const run = async (side: Side, step: Step | 'tenants', event: object, how: string): Promise<Cold> => {
    const args = [child, pathOf(side, step), JSON.stringify(event), how];
    return (await childResult(args, environments[side], deadlineMs)) as Cold;
  };
  const body = ({ answer }: Cold) => JSON.parse((answer as APIGatewayProxyResult).body);

  const sent = { key: 'tenant', authorizer: operator, body: { name: 'Blue Bottle Books', zone: 'us' } };
  const tenant = body(await run('ours', 'tenants', eventOf(createTenant, sent), 'timed'));
  // Old enough for limits of its own, and used a moment ago: what a key mostly is.
  aws.database.call('UpdateItem', {
    TableName: 'tenants',
    Key: { pk: { S: tenant.key }, sk: { S: 'key' } },
    UpdateExpression: 'SET created_at = :then, last_used_at = :now',
    ExpressionAttributeValues: { ':then': { S: '2026-11-01T00:00:00.000Z' }, ':now': { S: new Date().toISOString() } },
  });
  const credentials = { ours: tenant.secret_key as string, typical: typicalSurroundings.credential };

  let number = 0;
  /** What the step before has told. */
  const results: Record<Side, { context?: Record<string, string>; payment?: string }> = { ours: {}, typical: {} };
  const eventFor = (side: Side, step: Step): object => {
    number += 1;
    const { context, payment = '' } = results[side];
    if (step === 'authorizer') return authorizerEventOf({ operation: createPayment, number }, credentials[side]);
    const request =
      step === 'create'
        ? { operation: createPayment, key: `order-${number}`, number }
        : { operation: getPayment, params: { payment_id: payment }, number };
    return proxyEventOf(request, credentials[side], context);
  };

  return {
    bundleBytes: async (side, step) => (await stat(pathOf(side, step))).size,
    async start(side, step, how) {
      const cold = await run(side, step, eventFor(side, step), how);
      if (step === 'authorizer') results[side].context = (cold.answer as { context: Record<string, string> }).context;
      else {
        const { id, status } = body(cold);
        if (status !== 'captured') throw new Error(`${side} ${step} was answered with ${JSON.stringify(cold.answer)}`);
        results[side].payment = id;
      }
      return cold;
    },
    stop() {
      loopback.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
