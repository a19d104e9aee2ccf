// Delivers past events to an endpoint again: the deliveries follow from the fact that is recorded here.

import { replayEvents as operation } from '../../../../contract/webhooks/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { replayWindow } from '../../domain/delivery.ts';
import { baseFields } from '../../domain/webhook_endpoint.ts';
import { endpointRow, replayRow } from '../../store/endpoints.ts';

export const replayEvents = route(operation, (call, ports: CreatePorts) =>
  create(
    operation,
    replayRow,
    call,
    ports,
    (origin, nowMs, endpoint) => {
      const { id, status } = endpoint.value;
      if (status !== 'enabled') return { refused: 'endpoint_not_enabled' };
      const window = replayWindow(call.body, nowMs);
      if (window === null) {
        const detail = 'Expected a time in the last 30 days, before "to"';
        throw new Refusal('request_invalid', { findings: [{ pointer: '/from', detail }] });
      }
      return {
        next: { ...baseFields(origin), object: 'replay', webhook_endpoint: id, ...window },
        fact: 'webhook_endpoint.replayed',
        aggregateId: id,
        alongside: [{ type: endpointRow, before: endpoint, next: endpoint.value }],
      };
    },
    { parent: endpointRow },
  ),
);
