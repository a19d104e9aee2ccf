// Delivers past events to an endpoint again: the deliveries follow from the fact that is recorded here.

import { replayEvents as operation } from '../../../../contract/webhooks/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { newReplay } from '../../domain/replay.ts';
import { endpointRow, replayRow } from '../../store/endpoints.ts';

export const replayEvents = route(operation, (call, ports: CreatePorts) =>
  create(
    operation,
    replayRow,
    call,
    ports,
    (origin, nowMs, endpoint) => {
      const { id, status, running_replay } = endpoint.value;
      if (status !== 'enabled') return { refused: 'endpoint_not_enabled' };
      if (running_replay !== null) return { refused: 'replay_running' };
      const next = newReplay(origin, id, call.body, nowMs);
      if (next === null) {
        const detail = 'Expected a time in the last 30 days, before "to"';
        throw new Refusal('request_invalid', { findings: [{ pointer: '/from', detail }] });
      }
      return {
        next,
        fact: 'webhook_endpoint.replayed',
        aggregateId: id,
        alongside: [{ type: endpointRow, before: endpoint, next: { ...endpoint.value, running_replay: next.id } }],
      };
    },
    { parent: endpointRow },
  ),
);
