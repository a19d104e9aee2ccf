// Delivers past events to an endpoint again. What is done about it follows from the fact that is recorded here.

import { webhookLimits as limits } from '../../../../contract/webhooks/limits.ts';
import { replayEvents as operation } from '../../../../contract/webhooks/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { type CreatePorts, create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
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
      const window = windowOf(call.body, nowMs);
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

function windowOf({ from, to }: { readonly from: string; readonly to?: string | undefined }, nowMs: number) {
  const fromMs = Date.parse(from);
  const toMs = Math.min(nowMs, to === undefined ? nowMs : Date.parse(to));
  if (!(fromMs >= nowMs - limits.replayWindowMs && fromMs < toMs)) {
    const detail = 'Expected a time in the last 30 days, before "to"';
    throw new Refusal('request_invalid', { findings: [{ pointer: '/from', detail }] });
  }
  return { from: timestamp(fromMs), to: timestamp(toMs) };
}
