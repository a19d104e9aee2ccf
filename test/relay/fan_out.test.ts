// What follows from a batch of facts: one record that cannot say what it sets in motion holds up nothing that came before it.

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../contract/kernel/vocabulary.ts';
import { createWebhookEndpoint } from '../../contract/webhooks/operations.ts';
import { commit, systemContext } from '../../lambdas/kernel/store/commit.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { baseFields } from '../../lambdas/webhooks/domain/webhook_endpoint.ts';
import { endpointRow, loadEndpoint, testRow } from '../../lambdas/webhooks/store/endpoints.ts';
import { merchant } from '../kit/requests.ts';
import { openDeliveries } from '../webhooks/delivery_fixture.ts';

const scope = { tenant: merchant.tenant ?? '', mode: 'test' } as const;

describe('a record whose object does not say what its fact sets in motion', () => {
  it.each<EventType>(['webhook_endpoint.updated', 'webhook_endpoint.deleted', 'webhook_endpoint.verified'])(
    'is named as the one that failed, and what came before it goes on: %s',
    async (type) => {
      const fixture = openDeliveries();
      const create = (name: string) =>
        fixture.webhooks(createWebhookEndpoint, {
          key: fixture.nextKey(),
          body: { url: `https://${name}.example.org/hooks`, events: ['payment.captured'] },
        });
      const { id } = (await create('first')).json;
      await create('second');
      const before = await loadEndpoint(fixture.platform, scope, id);
      if (before === undefined) throw new Error('no endpoint was made');
      const test = {
        ...baseFields({
          id: id.replace('we_', 'wht_'),
          ...scope,
          bodyDigest: 'none',
          createdAt: before.value.created_at,
        }),
        object: 'webhook_test' as const,
        webhook_endpoint: id,
        reply: new Uint8Array(),
      };
      const writes = [
        { type: endpointRow, before, next: before.value },
        { type: testRow, before: null, next: test },
      ] as const;
      await commit(
        fixture.platform,
        writes as never,
        { type, aggregateId: id },
        systemContext('deliver', scope, 'req'),
      );

      const Records = fixture.aws.database.stream('webhooks').map((record, index) => ({
        ...record,
        dynamodb: { ...(record as { dynamodb: object }).dynamodb, SequenceNumber: String(index) },
      }));
      const failed = await relay(fixture.platform)({ Records } as unknown as DynamoDBStreamEvent);
      expect(failed.batchItemFailures).toHaveLength(1);
      expect(Number(failed.batchItemFailures[0]?.itemIdentifier)).toBeGreaterThan(1);
      // Both endpoints that were made are challenged.
      expect(fixture.aws.queues.counts('deliveries').ready).toBe(2);
      expect(fixture.lines).not.toContain('fact_forged');
    },
  );
});
