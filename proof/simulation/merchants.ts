// The merchants of every world: tenants and keys that the product's own function `tenants` made, once, before any world
// began. A world gets their rows as they were written then.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type TableName, tables } from '../../contract/capabilities.ts';
import { createConnection } from '../../contract/connections/operations.ts';
import { createCustomer, savePaymentMethod } from '../../contract/customers/operations.ts';
import { createTenant } from '../../contract/tenants/operations.ts';
import { createWebhookEndpoint } from '../../contract/webhooks/operations.ts';
import { routes as connectionRoutes } from '../../lambdas/functions/connections.ts';
import { routes as customerRoutes } from '../../lambdas/functions/customers.ts';
import { routes as tenantRoutes } from '../../lambdas/functions/tenants.ts';
import { routes as webhookRoutes } from '../../lambdas/functions/webhooks.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { answeredClients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import { memoryAws } from '../../test/kit/aws/memory.ts';
import { onlyRegion } from '../../test/kit/aws/writer.ts';
import { caller, merchant, operator } from '../../test/kit/requests.ts';
import { byteSource } from './draw.ts';
import { savedTokens } from './plan.ts';

/** A merchant's webhook endpoint, as it was made. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
  readonly ordering: 'strict' | 'none';
  /** RFC 3339. */
  readonly created_at: string;
}

/** A merchant's account at the processor. */
export interface Connection {
  readonly id: string;
  /** Under which the processor signs what it tells. */
  readonly secret: string;
}

interface Row {
  readonly table: TableName;
  readonly item: Record<string, AttributeValue>;
}

export interface Merchant {
  readonly tenant: string;
  readonly credential: string;
  readonly endpoint: Endpoint;
  /** The tenant and its key. */
  readonly rows: readonly Row[];
  /** What makes its endpoint. */
  readonly endpointRows: readonly Row[];
  readonly connection: Connection;
  /** What makes its connection. */
  readonly connectionRows: readonly Row[];
  readonly customer: string;
  /** The customer's, by their tokens at the processor. */
  readonly savedMethods: Readonly<Record<string, string>>;
  /** What makes its customer. */
  readonly customerRows: readonly Row[];
}

/** Old enough to have limits of their own. */
const foundedMs = Date.parse('2026-01-01T00:00:00Z');

/** What KMS and Secrets Manager hold is the same in every world, so that its credentials are good there. */
export const secretBytes = (): ((bytes: number) => Uint8Array) => byteSource(1, 'aws');

/** By turns: everything in order, some of it in order, everything as it comes. */
const wishes = [
  { events: ['*'], ordering: 'strict' },
  { events: ['payment.captured', 'capture.*', 'refund.succeeded'], ordering: 'strict' },
  { events: ['*'], ordering: 'none' },
] as const;

/** Each call gives what is new since the last one. */
function rowsIn(database: ReturnType<typeof memoryAws>['database']): () => Row[] {
  const known = new Set<unknown>();
  return () => {
    const all = (Object.keys(tables) as TableName[]).flatMap((table) =>
      [...database.items(table)].map((item) => ({ table, item })),
    );
    const rows = all.filter(({ item }) => !known.has(item));
    for (const { item } of rows) known.add(item);
    return rows;
  };
}

export async function foundMerchants(count: number): Promise<readonly Merchant[]> {
  let nowMs = foundedMs;
  const now = (): number => nowMs;
  const aws = memoryAws({ now, random: secretBytes() });
  const platform: Platform = {
    clock: now,
    config: readConfig(environment('tenants', 'http://none.test/')),
    random: byteSource(2, 'tenants'),
    sleep: () => Promise.resolve(),
    ...answeredClients((call) => Promise.resolve().then(() => aws.answer(call))),
    log: () => {},
    meter: () => {},
    writer: onlyRegion,
  };
  const tenants = caller(serve(portsOf(platform), tenantRoutes));
  const webhooks = caller(serve(portsOf(platform), webhookRoutes));
  const newRows = rowsIn(aws.database);
  const founded: Pick<Merchant, 'tenant' | 'credential' | 'endpoint' | 'rows' | 'endpointRows'>[] = [];
  const keys: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = { name: `Merchant ${index}`, zone: 'us' };
    const { json: made } = await tenants(createTenant, { key: `merchant-${index}`, authorizer: operator, body });
    const rows = newRows();
    nowMs += 1_000;
    const url = `https://merchant-${index}.example.org/webhooks`;
    const { json: endpoint } = await webhooks(createWebhookEndpoint, {
      key: `endpoint-${index}`,
      authorizer: { ...merchant, tenant: made.id, actor_id: made.key },
      body: { url, ...wishes[index % wishes.length] },
    });
    if (endpoint.url !== url) throw new Error(`a merchant could not be founded: ${JSON.stringify([made, endpoint])}`);
    keys.push(made.key);
    const { id: tenant, secret_key: credential } = made;
    founded.push({ tenant, credential, endpoint, rows, endpointRows: newRows() });
  }
  const connecting = caller(serve(portsOf(platform), connectionRoutes));
  const saving = caller(serve(portsOf(platform), customerRoutes));
  const merchants: Merchant[] = [];
  for (const [index, each] of founded.entries()) {
    const { json } = await connecting(createConnection, {
      key: `connection-${index}`,
      authorizer: { ...merchant, tenant: each.tenant, actor_id: keys[index] },
      body: { provider: 'test' },
    });
    const connection = { id: json.id, secret: json.webhook_secret };
    const connectionRows = newRows();
    const authorizer = { ...merchant, tenant: each.tenant, actor_id: keys[index], scopes: 'customers:write' };
    const paying = await customerOf(saving, `customer-${index}`, authorizer);
    // What is known of a customer by then is history: its facts were relayed before.
    const customerRows = newRows().map(({ table, item }) => ({
      table,
      item: { ...item, fact: { NULL: true } as const },
    }));
    merchants.push({ ...each, connection, connectionRows, ...paying, customerRows });
  }
  return merchants;
}

/** With a payment method saved for each token. */
async function customerOf(
  ask: ReturnType<typeof caller>,
  key: string,
  authorizer: Parameters<typeof ask>[1]['authorizer'],
) {
  const { json: made } = await ask(createCustomer, { key, authorizer, body: {} });
  const savedMethods: Record<string, string> = {};
  for (const token of savedTokens) {
    const sent = { key: `${key}-${token}`, authorizer, params: { customer_id: made.id }, body: { token } };
    savedMethods[token] = (await ask(savePaymentMethod, sent)).json.id;
  }
  return { customer: made.id as string, savedMethods };
}
