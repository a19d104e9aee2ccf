// Audit entries: who did what to which object, when and from where; the address sealed under the tenant's key.

import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type Caller, callerOf } from './caller.ts';
import type { HttpMiddleware } from './pipeline.ts';
import { config, documents } from './platform.ts';
import { seal } from './sealing.ts';

export interface Act {
  readonly caller: Caller;
  readonly requestId: string;
  readonly address: string;
}

export const actOf = (event: APIGatewayProxyEvent): Act => ({
  caller: callerOf(event),
  requestId: event.requestContext.requestId,
  address: event.requestContext.identity.sourceIp,
});

export async function auditEntry(act: Act, action: string, outcome: string, target: string | null, at: string) {
  const { tenant, mode, key } = act.caller;
  const id = randomUUID();
  return {
    pk: `${tenant}#${mode}`,
    sk: `${at}#${id}`,
    id,
    occurred_at: at,
    action,
    outcome,
    actor: { kind: 'key', id: key },
    target,
    request_id: act.requestId,
    address: await seal(act.address, tenant, `audit/${act.requestId}`),
  };
}

/** Leaves the entry of a read before its answer is given. */
export const audited = (action: string): HttpMiddleware => {
  const leave = async (event: APIGatewayProxyEvent, outcome: string): Promise<void> => {
    const target = event.pathParameters?.payment_id ?? null;
    const Item = await auditEntry(actOf(event), action, outcome, target, new Date().toISOString());
    await documents.send(new PutCommand({ TableName: config.auditTable, Item }));
  };
  return {
    after: ({ event }) => leave(event, 'read'),
    onError: ({ event }) => leave(event, 'refused'),
  };
};
