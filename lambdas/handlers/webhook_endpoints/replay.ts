// Delivers past events to an endpoint again. What is done about it follows from the fact that is recorded here.

import { webhookLimits as limits } from '../../../contract/limits.ts';
import { replayEvents as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { timestamp } from '../../platform/clock.ts';
import { replayRow } from '../../store/webhooks.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { makeUnderEndpoint } from '../../webhooks/under_endpoint.ts';
import type { Handler } from '../handler.ts';

export const replayEvents: Handler<typeof operation, WebhookPorts> = (call, ports) =>
  makeUnderEndpoint(ports, call, replayRow, (endpoint, origin, nowMs) => {
    if (endpoint.status !== 'enabled') throw new Refusal('endpoint_not_enabled');
    const fromMs = Date.parse(call.body.from);
    const toMs = Math.min(nowMs, call.body.to === undefined ? nowMs : Date.parse(call.body.to));
    if (!(fromMs >= nowMs - limits.replayWindowMs && fromMs < toMs)) {
      const detail = 'Expected a time in the last 30 days, before "to"';
      throw new Refusal('request_invalid', { findings: [{ pointer: '/from', detail }] });
    }
    const window = { from: timestamp(fromMs), to: timestamp(toMs) };
    const next = { ...origin, object: 'replay', webhook_endpoint: endpoint.id, ...window } as const;
    const body = represent(operation.reply, next);
    return { fact: 'webhook_endpoint.replayed', endpoint, next, first: body, repeated: body };
  });
