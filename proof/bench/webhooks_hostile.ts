// A tenant that does what it can to make others wait: as many endpoints as it may have, none of which answers, made and deleted
// all the time, replays and challenges as often as they are granted. All of it by the product's own handlers.

import { webhookLimits } from '../../contract/webhooks/limits.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  replayEvents,
  updateWebhookEndpoint,
  verifyWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import { routes } from '../../lambdas/functions/webhooks.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { answeredClients } from '../../test/kit/aws/answered.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import { verifyEndpoint } from '../../test/kit/challenge.ts';
import { caller, merchant } from '../../test/kit/requests.ts';
import { bytesFrom, platformOf } from './surroundings.ts';
import type { Tenant } from './webhooks_load.ts';

export interface Hostile {
  /** All that it asks for within a second. */
  act(): Promise<void>;
  /** What its requests recorded since the last time, as Lambda hands it to the relay. */
  records(): readonly object[];
}

/** `tenant` has one endpoint already. */
export async function openHostile(aws: MemoryAws, now: () => number, tenant: Tenant): Promise<Hostile> {
  const platform = platformOf(
    answeredClients(async (call) => aws.answer(call)),
    { now, random: bytesFrom('hostile') },
  );
  const webhooks = caller(serve(portsOf(platform), routes));
  const authorizer = { ...merchant, tenant: tenant.id };
  let asked = 0;
  const endpoints: string[] = [];
  const create = async (): Promise<void> => {
    asked += 1;
    const body = { url: `https://hostile.example.org/${asked}`, events: ['payment.*'] };
    const { statusCode, json } = await webhooks(createWebhookEndpoint, { key: `hostile-${asked}`, authorizer, body });
    if (statusCode === 201) endpoints.push(json.id);
  };
  for (let each = 1; each < webhookLimits.endpoints; each += 1) {
    await create();
    await verifyEndpoint(platform, { tenant: tenant.id, mode: 'test' }, endpoints.at(-1) ?? '');
  }
  let seen = aws.database.stream('webhooks').at(-1)?.dynamodb.SequenceNumber ?? '';
  return {
    async act() {
      const [oldest] = endpoints;
      for (const id of endpoints) {
        asked += 1;
        const params = { webhook_endpoint_id: id };
        const body = { from: timestamp(now() - 3_600_000) };
        await webhooks(replayEvents, { params, key: `hostile-${asked}`, authorizer, body });
        await webhooks(verifyWebhookEndpoint, { params, authorizer, body: {} });
        await webhooks(updateWebhookEndpoint, { params, authorizer, body: { description: `${asked}` } });
      }
      if (oldest !== undefined && endpoints.length > webhookLimits.endpoints / 2) {
        await webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: oldest }, authorizer });
        endpoints.shift();
      }
      await create();
    },
    records() {
      const fresh = aws.database.stream('webhooks').filter(({ dynamodb }) => dynamodb.SequenceNumber > seen);
      seen = fresh.at(-1)?.dynamodb.SequenceNumber ?? seen;
      return fresh.filter(({ dynamodb }) => dynamodb.NewImage?.fact?.M !== undefined);
    },
  };
}
