// Makes an object under an endpoint (a secret, a test, a replay), once for each key: the endpoint and the object in one
// commit, so that the fact is the endpoint's and a repeat finds the object.

import type { InferOutput } from 'valibot';
import type { EventType } from '../../contract/kernel/vocabulary.ts';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import type { Answer, Identity } from '../kernel/operation/call.ts';
import { idempotentCreate, replyContext } from '../kernel/operation/create.ts';
import type { IdempotencyRecord } from '../kernel/operation/idempotency.ts';
import { Refusal } from '../kernel/operation/refusal.ts';
import { auditContextOf, tenantScopeOf } from '../kernel/operation/scope.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { commit } from '../kernel/store/commit.ts';
import type { RowType } from '../kernel/store/row.ts';
import { baseFields, type WebhookEndpoint } from './domain/webhook_endpoint.ts';
import type { WebhookPorts } from './ports.ts';
import { endpointRow, loadOwned, type Owner } from './store.ts';

interface MakeCall {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  readonly params: Readonly<Record<string, string>>;
  readonly sent: unknown;
  readonly objectId: string;
}

type Owned = Owner & { readonly id: string } & InferOutput<typeof IdempotencyRecord>;

interface Made<T> {
  readonly fact: EventType;
  readonly endpoint: WebhookEndpoint;
  readonly next: T;
  /** The reply to whoever made it, and to whoever repeats the request. */
  readonly first: string;
  readonly repeated: string;
}

/** `make` throws a Refusal where it may not be. */
export async function makeUnderEndpoint<T extends Owned>(
  ports: WebhookPorts,
  call: MakeCall,
  type: RowType<T>,
  make: (endpoint: WebhookEndpoint, origin: ReturnType<typeof baseFields>, nowMs: number) => Made<T> | Promise<Made<T>>,
): Promise<Answer> {
  const { platform, keyring } = ports;
  const member = tenantScopeOf(call.identity);
  const id = call.objectId;
  const find = () => loadOwned(platform, type, member, id);
  const created = { type, id, owner: member, find };
  const [act, bodyDigest] = await Promise.all([auditContextOf(call, member, keyring), ports.digests.of(call.sent)]);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const [before, found] = await Promise.all([
      loadOwned(platform, endpointRow, member, call.params.webhook_endpoint_id ?? ''),
      find(),
    ]);
    if (before === undefined || before.value.status === 'deleted') throw new Refusal('webhook_endpoint_not_found');
    // A repeat: by now the rules might refuse what they allowed.
    if (found !== undefined)
      return idempotentCreate(ports, { kind: 'conflict', found: [] }, { ...created, first: '' }, call.sent);
    const nowMs = platform.clock();
    const origin = baseFields({ id, ...member, bodyDigest, createdAt: timestamp(nowMs) });
    const { fact, endpoint, next, first, repeated } = await make(before.value, origin, nowMs);
    const reply = await keyring.seal(repeated, replyContext(member, id, type.table));
    const done = await commit(
      platform,
      [
        { type: endpointRow, before, next: endpoint },
        { type, before: null, next: { ...next, reply } },
      ],
      { type: fact, aggregateId: endpoint.id },
      act,
    );
    if (done.kind === 'committed') return idempotentCreate(ports, done, { ...created, first }, call.sent);
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}
