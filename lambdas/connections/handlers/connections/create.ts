// Connects a payment processor. The credentials are sealed before anything is stored, and are in no answer; a secret that
// is made here is in this answer and nowhere else in the clear.

import { connectionLimits as limits } from '../../../../contract/connections/limits.ts';
import { createConnection as operation } from '../../../../contract/connections/operations.ts';
import type { Mode } from '../../../../contract/kernel/roles.ts';
import { ingressUrl } from '../../../../contract/processor_events/ingress.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { mintWebhookSecret } from '../../../kernel/crypto/webhook_signature.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import type { Ports } from '../../../kernel/operation/ports.ts';
import { route } from '../../../kernel/operation/route.ts';
import { newestListed } from '../../../kernel/store/lists.ts';
import { credentialsContext } from '../../credentials_context.ts';
import { credentialsOf, createConnection as decide, fieldOfOtherMode } from '../../domain/connection.ts';
import { connectionRow } from '../../store.ts';

export const createConnection = route(operation, async (call, ports: CreatePorts & Pick<Ports, 'secretSealer'>) => {
  const { platform, keyring, secretSealer } = ports;
  const { scope, body, objectId: id } = call;
  const minted = mintWebhookSecret(platform.random).reveal();
  const credentials = credentialsOf(body, minted);
  const field = fieldOfOtherMode(credentials, scope.mode);
  if (field !== null) {
    const findings = [{ pointer: `/${field}`, detail: expectedOf(field, scope.mode) }];
    throw new Refusal('credentials_of_other_mode', { findings });
  }
  const present = await newestListed(platform, connectionRow, ownerOf(scope), undefined, limits.connections);
  const repeats = present.some(({ value }) => value.id === id);
  if (!repeats && present.length >= limits.connections) throw new Refusal('too_many_connections');

  return create(operation, connectionRow, call, ports, async (origin) => {
    const { metadata } = body;
    const [fields, sealed] = await Promise.all([
      sealFields(keyring, { object: 'connection', id, ...scope }, { metadata }),
      secretSealer.seal(JSON.stringify(credentials), credentialsContext(scope, id)),
    ]);
    const made = { ...origin, ingressUrl: ingressUrl(call.baseUrl, body.provider, id) };
    const { next, fact } = decide(made, body, fields, sealed);
    const shown = body.provider === 'test' && body.webhook_secret === undefined ? minted : null;
    return { next, fact, shown: { ...next, metadata }, shownOnce: { webhook_secret: shown } };
  });
});

const expectedOf = (field: string, mode: Mode): string => {
  if (field === 'provider') return 'The test processor is of test mode alone';
  if (field !== 'live_prefix') return `Expected a credential of the provider’s ${mode} mode`;
  return mode === 'live' ? 'Required: each account has an address of its own in live mode' : 'Only in live mode';
};
