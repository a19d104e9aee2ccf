// Payments with their audit entry and event, in one transaction per change: the outbox is the events table itself.

import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Act, auditEntry } from './audit.ts';
import { Payment, StoredPayment } from './payment.ts';
import { config, documents } from './platform.ts';
import { open } from './sealing.ts';

/** Strongly consistent: a merchant sees what it has just done. */
export async function loadPayment(id: string): Promise<StoredPayment | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: config.paymentsTable, Key: { id }, ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  const stored = StoredPayment.parse(Item);
  return { ...stored, ...JSON.parse(await open(stored.sealed_fields, stored.tenant, `sealed_fields/${stored.id}`)) };
}

/** `false`: the row was not as expected (a new one existed, or its version had moved on). */
export async function savePayment(payment: StoredPayment, type: string, act: Act): Promise<boolean> {
  const at = new Date().toISOString();
  const owner = `${payment.tenant}#${payment.mode}`;
  const isNew = payment.version === 1;
  const stored = StoredPayment.parse(payment);
  const published = Payment.omit({ description: true, metadata: true }).parse(payment);
  const event = {
    pk: owner,
    sk: `${at}#${randomUUID()}`,
    type,
    occurred_at: at,
    tenant_id: payment.tenant,
    mode: payment.mode,
    aggregate_id: payment.id,
    data: { ...published, sealed_fields: payment.sealed_fields },
  };
  const row = {
    ...stored,
    // Sparse indexes, keys only: the tenant's list, and what a job must look at again.
    list_pk: owner,
    list_sk: `${payment.created_at}#${payment.id}`,
    ...(payment.status === 'processing' && { open_pk: 'open', open_sk: `${payment.created_at}#${payment.id}` }),
  };
  const Item = await auditEntry(act, type, 'committed', payment.id, at);
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: config.paymentsTable,
              Item: row,
              ...(isNew
                ? { ConditionExpression: 'attribute_not_exists(id)' }
                : {
                    ConditionExpression: 'version = :before',
                    ExpressionAttributeValues: { ':before': payment.version - 1 },
                  }),
            },
          },
          { Put: { TableName: config.auditTable, Item } },
          { Put: { TableName: config.eventsTable, Item: event } },
        ],
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    if (error.CancellationReasons?.[0]?.Code !== 'ConditionalCheckFailed') throw error;
    return false;
  }
}
