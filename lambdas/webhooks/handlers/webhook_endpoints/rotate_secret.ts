// Rotates an endpoint's secret: the new one signs at once, the old one for another 24 hours.

import { rotateWebhookSecret as operation } from '../../../../contract/webhooks/operations.ts';
import { mintWebhookSecret } from '../../../kernel/crypto/webhook_signature.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { rotateSecret } from '../../domain/webhook_endpoint.ts';
import type { WebhookPorts } from '../../ports.ts';
import { secretContext, secretRow } from '../../store.ts';
import { makeUnderEndpoint } from '../../under_endpoint.ts';

export const rotateWebhookSecret: Handler<typeof operation, WebhookPorts> = (call, ports) =>
  makeUnderEndpoint(ports, call, secretRow, async (endpoint, origin, nowMs) => {
    const secret = mintWebhookSecret(ports.platform.random);
    const sealed = await ports.secrets.seal(secret.reveal(), secretContext(origin, origin.id));
    const rotated = rotateSecret(endpoint, { id: origin.id, sealed }, nowMs);
    if ('refused' in rotated) throw new Refusal(rotated.refused, { retryAfterSeconds: 3_600 });
    const next = { ...origin, object: 'webhook_secret', webhook_endpoint: endpoint.id } as const;
    const reply = (shown: string | null) => serialize(operation.reply, { ...next, secret: shown });
    return {
      fact: 'webhook_endpoint.secret_rotated',
      endpoint: rotated.next,
      next,
      first: reply(secret.reveal()),
      repeated: reply(null),
    };
  });
