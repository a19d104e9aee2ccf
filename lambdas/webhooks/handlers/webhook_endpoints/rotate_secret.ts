// Rotates an endpoint's secret: the new one signs at once, the old one for another 24 hours.

import { rotateWebhookSecret as operation } from '../../../../contract/webhooks/operations.ts';
import { mintWebhookSecret } from '../../../kernel/crypto/webhook_signature.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import type { Ports } from '../../../kernel/operation/ports.ts';
import { route } from '../../../kernel/operation/route.ts';
import { baseFields, rotateSecret } from '../../domain/webhook_endpoint.ts';
import { endpointRow, secretContext, secretRow } from '../../store/endpoints.ts';

export const rotateWebhookSecret = route(operation, (call, ports: CreatePorts & Pick<Ports, 'secrets'>) =>
  create(
    operation,
    secretRow,
    call,
    ports,
    async (origin, nowMs, endpoint) => {
      const secret = mintWebhookSecret(ports.platform.random);
      const sealed = await ports.secrets.seal(secret.reveal(), secretContext(origin, origin.id));
      const rotated = rotateSecret(endpoint.value, { id: origin.id, sealed }, nowMs);
      if ('refused' in rotated) throw new Refusal(rotated.refused, { retryAfterSeconds: 3_600 });
      return {
        next: { ...baseFields(origin), object: 'webhook_secret' as const, webhook_endpoint: endpoint.value.id },
        fact: rotated.fact,
        aggregateId: endpoint.value.id,
        alongside: [{ type: endpointRow, before: endpoint, next: rotated.next }],
        shownOnce: { secret: secret.reveal() },
      };
    },
    { parent: endpointRow },
  ),
);
