// The merchants of every world: tenants and keys that the product's own settings function made, once, before any world
// began. A world gets their rows as they were written then.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { createTenant } from '../../contract/operations/tenants.ts';
import { routes } from '../../lambdas/functions/settings.ts';
import { serve } from '../../lambdas/http/serve.ts';
import { readConfig } from '../../lambdas/platform/config.ts';
import { settingsPorts } from '../../lambdas/settings/ports.ts';
import { answeredClients } from '../aws/answered.ts';
import { environment } from '../aws/environment.ts';
import { memoryAws } from '../aws/memory.ts';
import { caller, operator } from '../http/requests.ts';
import { byteSource } from './draw.ts';

export interface Merchant {
  readonly tenant: string;
  readonly credential: string;
  /** Of the tenants table: the tenant and its key. */
  readonly rows: readonly Record<string, AttributeValue>[];
}

/** Old enough to have limits of their own. */
const foundedMs = Date.parse('2026-01-01T00:00:00Z');

/** What KMS and Secrets Manager hold is the same in every world, so that its credentials are good there. */
export const secretBytes = (): ((bytes: number) => Uint8Array) => byteSource(1, 'aws');

export async function foundMerchants(count: number): Promise<readonly Merchant[]> {
  const now = (): number => foundedMs;
  const aws = memoryAws({ now, random: secretBytes() });
  const settings = caller(
    serve(
      settingsPorts({
        clock: now,
        config: readConfig(environment('settings', 'http://none.test/')),
        random: byteSource(2, 'settings'),
        sleep: () => Promise.resolve(),
        ...answeredClients((call) => Promise.resolve().then(() => aws.answer(call))),
        log: () => {},
        meter: () => {},
      }),
      routes,
    ),
  );
  const merchants: Merchant[] = [];
  const founded = new Set<unknown>();
  for (let index = 0; index < count; index += 1) {
    const body = { name: `Merchant ${index}`, zone: 'us' };
    const made = await settings(createTenant, { key: `merchant-${index}`, authorizer: operator, body });
    if (made.statusCode !== 201) throw new Error(`a merchant could not be founded: ${made.body}`);
    const rows = [...aws.database.items('tenants')].filter((row) => !founded.has(row));
    for (const row of rows) founded.add(row);
    merchants.push({ tenant: made.json.id, credential: made.json.secret_key, rows });
  }
  return merchants;
}
