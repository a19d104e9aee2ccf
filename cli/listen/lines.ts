// What `strongroom listen` prints: one line for each delivery, as text for people or as a JSON object for programs.

import type { ListenEndpoint } from './endpoint.ts';
import type { Received } from './receiver.ts';

export interface Started {
  readonly at: string;
  readonly endpoint: ListenEndpoint;
  readonly events: readonly string[];
  readonly forwardTo: URL | null;
}

export interface Lines {
  started(started: Started): string;
  received(received: Received): string;
  stopped(resting: boolean): string;
}

export const plainLines: Lines = {
  started: ({ at, endpoint, events, forwardTo }) =>
    [
      `Listening at ${at} for ${events.join(', ')}.`,
      forwardTo === null
        ? 'Prints deliveries and answers 200. With --forward-to it forwards them.'
        : `Forwarding to ${forwardTo.href}`,
      '',
      `  endpoint  ${endpoint.id}`,
      `  secret    ${endpoint.secret}`,
      '',
      'The secret stays the same as long as the state folder exists. Verify deliveries with it, for example by',
      '  await webhooks.verify(rawBody, request.headers, secret)                              (@strongroom/sdk)',
      "  stripe.webhooks.constructEvent(rawBody, headers['strongroom-signature'], secret)     (Stripe’s library)",
      '  new Webhook(secret).verify(rawBody, headers)                                         (Standard Webhooks)',
      '',
      'Ctrl-C stops. strongroom trigger payment.captured makes an event happen.',
      '',
    ].join('\n'),
  received: ({ at, type, object, attempt, status, latencyMs, trouble, verified }) =>
    [
      at.toISOString().slice(11, 23),
      type.padEnd(24),
      object.padEnd(33),
      `attempt ${attempt}`,
      `${status} in ${latencyMs} ms`,
      ...(trouble === null ? [] : [trouble]),
      ...(verified ? [] : ['not signed under this secret']),
    ].join('  '),
  stopped: (resting) =>
    resting
      ? '\nStopped. Deliveries wait from now on, and arrive when you listen again.'
      : '\nStopped. The local cloud did not answer: its deliveries will fail here, and it will attempt them again.',
};

export const jsonLines: Lines = {
  started: ({ at, endpoint, events, forwardTo }) =>
    JSON.stringify({
      kind: 'listening',
      at,
      endpoint: endpoint.id,
      secret: endpoint.secret,
      events,
      forward_to: forwardTo,
    }),
  received: ({ id, latencyMs, ...rest }) =>
    JSON.stringify({ kind: 'delivery', event: id, ...rest, latency_ms: latencyMs }),
  stopped: (resting) => JSON.stringify({ kind: 'stopped', endpoint_rests: resting }),
};
