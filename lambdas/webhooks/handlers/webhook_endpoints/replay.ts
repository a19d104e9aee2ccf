// Delivers past events to an endpoint again. What is done about it follows from the fact that is recorded here.

import { webhookLimits as limits } from '../../../../contract/webhooks/limits.ts';
import { replayEvents as operation } from '../../../../contract/webhooks/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import type { WebhookPorts } from '../../ports.ts';
import { replayRow } from '../../store.ts';
import { makeUnderEndpoint } from '../../under_endpoint.ts';

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
    const body = serialize(operation.reply, next);
    return { fact: 'webhook_endpoint.replayed', endpoint, next, first: body, repeated: body };
  });
