// One attempt: the event as it was read now, signed, to the endpoint as it is now. What its outcome means is decided here and
// recorded elsewhere.

import { Event } from '../../../contract/events/event.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { StoredEvent } from '../../events/store.ts';
import { withOpenEventFields } from '../../kernel/crypto/sealed_fields.ts';
import { Secret } from '../../kernel/crypto/secret.ts';
import { type WebhookSigner, webhookSigner } from '../../kernel/crypto/webhook_signature.ts';
import { accountNumberIn } from '../../kernel/domain/account_number.ts';
import { serialize } from '../../kernel/domain/serialize.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import type { Result } from '../domain/delivery.ts';
import { activeSecrets, type WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import type { Attempted } from '../http/attempt.ts';
import { secretContext } from '../store/endpoints.ts';
import type { DeliverPorts } from './ports.ts';

/** Opens what an attempt needs, which may take time; the function that it resolves with makes the attempt at once. */
export async function prepare(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  event: StoredEvent,
): Promise<() => Promise<Result>> {
  const body = serialize(Event, await withOpenEventFields(event, ports.keyring));
  const send = await prepareSigned(ports, endpoint, { id: event.id, body });
  return async () => (await send()).result;
}

/** As `prepare`, of any body: the answer as it came, and what it comes to. */
export async function prepareSigned(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  { id, body }: { readonly id: string; readonly body: string },
): Promise<() => Promise<{ readonly attempted: Attempted; readonly result: Result }>> {
  const { platform } = ports;
  const sign = await signerOf(ports, endpoint, platform.clock());
  return async () => {
    const nowMs = platform.clock();
    const attempted = await ports.attempt({
      url: endpoint.url,
      headers: {
        ...sign({ id, timestampSeconds: Math.floor(nowMs / 1000), body }),
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Strongroom-Webhooks/1',
        'strongroom-version': endpoint.api_version,
      },
      body: Buffer.from(body),
      deadlineMs: limits.attemptMs,
      loopbackOrigin: endpoint.mode === 'test' ? platform.config.listenOrigin : undefined,
    });
    return { attempted, result: { at: timestamp(nowMs), ...resultOf(attempted) } };
  };
}

async function signerOf(ports: DeliverPorts, endpoint: WebhookEndpoint, nowMs: number): Promise<WebhookSigner> {
  const secrets = activeSecrets(endpoint, nowMs).map(
    async ({ id, sealed }) => new Secret(await ports.secrets.open(sealed, secretContext(endpoint, id))),
  );
  return webhookSigner(await Promise.all(secrets));
}

/** What is recorded of an answer: nothing that holds the number of a card or a bank account. */
function storableResponse(body: string): string | null {
  const beginning = body.slice(0, limits.responseChars).toWellFormed();
  if (beginning === '') return null;
  switch (accountNumberIn(beginning)) {
    case null:
      return beginning;
    case 'card':
      return 'withheld: it holds what is shaped like a card number';
    case 'iban':
      return 'withheld: it holds what is shaped like a bank account number';
  }
}

/** 2xx is a success; any other answer is not, a redirect included. */
function resultOf(attempted: Attempted): Omit<Result, 'at'> {
  const latency_ms = Math.round(attempted.latencyMs);
  if (attempted.kind !== 'answered') {
    const outcome = attempted.kind === 'refused' ? 'refused' : 'unanswered';
    return { outcome, status: null, latency_ms, response: null, reason: attempted.reason, retryAfterMs: null };
  }
  const { status, body, retryAfterSeconds } = attempted;
  const succeeded = status >= 200 && status < 300;
  return {
    outcome: succeeded ? 'succeeded' : 'rejected',
    status,
    latency_ms,
    response: storableResponse(body),
    reason: succeeded ? null : status >= 300 && status < 400 ? 'redirect' : 'status',
    retryAfterMs: retryAfterSeconds === null ? null : retryAfterSeconds * 1000,
  };
}
