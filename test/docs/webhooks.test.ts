// What the documentation says about webhooks: every event that is sent is there, is what the API itself would send, and
// bears the signatures that others' libraries verify.

import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Event } from '../../contract/events/event.ts';
import { events } from '../../contract/kernel/vocabulary.ts';
import { webhookLimits } from '../../contract/webhooks/limits.ts';
import { openapi } from '../../generate/openapi.ts';
import { namedSchemas } from '../../generate/schemas.ts';
import { chapters } from '../../lambdas/docs/guide.ts';
import { reference } from '../../lambdas/docs/reference.ts';

const document = openapi('0.0.0');
const sent = Object.entries(document.webhooks);
const mediaOf = (type: string) => {
  const media = document.webhooks[type]?.post.requestBody.content['application/json'];
  if (media === undefined) throw new Error(`${type} is not in the document`);
  return { ...media, example: v.parse(Event, media.example) };
};

describe('the event catalogue', () => {
  it('holds every type of event but those of operators and the platform’s own', () => {
    const theirs = Object.entries(events).filter(([, aggregate]) => !['operator', 'certificate'].includes(aggregate));
    expect(sent.map(([type]) => type).sort()).toEqual(theirs.map(([type]) => type).sort());
  });

  it('shows each type to whoever reads', () => {
    const page = reference(document);
    for (const [type] of sent) expect(page).toContain(`id="event-${type}"`);
  });

  it.each(sent.map(([type]) => type))(
    '%s: its example is an event that could be sent, with the object that it names',
    (type) => {
      const { schema, example } = mediaOf(type);
      // Nothing more than the schemas name: that could never be sent.
      expect(document.webhooks[type]?.post.requestBody.content['application/json']?.example).toEqual(example);
      expect(example).toMatchObject({ type, aggregate_type: events[type as keyof typeof events] });
      const refs = schema.allOf?.flatMap(({ properties }) => properties?.data?.$ref ?? []) ?? [];
      const named = namedSchemas[refs[0]?.replace('#/components/schemas/', '') ?? ''];
      if (named === undefined) throw new Error(`${type} names no schema`);
      expect(v.parse(named, example.data)).toEqual(example.data);
    },
  );

  it('an event about an object of its own aggregate names it', () => {
    for (const [type] of sent) {
      const { data, aggregate_type, aggregate_id } = mediaOf(type).example;
      if (data.object === aggregate_type) expect(aggregate_id, type).toBe(data.id);
    }
  });
});

describe('signatures', () => {
  const parameters = Object.values(document.components.parameters);
  const headers = Object.fromEntries(parameters.map(({ name, example }) => [name, example ?? '']));
  const secret =
    /whsec_[A-Za-z0-9+/=]+/.exec(document.components.parameters.WebhookSignature?.description ?? '')?.[0] ?? '';
  const body = JSON.stringify(mediaOf('payment.captured').example);
  const signedMs = Number(headers['webhook-timestamp']) * 1000;

  it('[WHK-1] those of the example are what the libraries of Standard Webhooks verify', () => {
    // Its tolerance is of today's clock: the example is signed anew with it, at the time that it states.
    const signed = new Webhook(secret).sign(headers['webhook-id'] ?? '', new Date(signedMs), body);
    expect(headers['webhook-signature']).toBe(signed);
  });

  it('[WHK-1] and what Stripe’s verifies', () => {
    const { webhooks } = new Stripe('sk_test_nobody');
    const header = headers['strongroom-signature'] ?? '';
    const at = (now: number) => webhooks.constructEvent(body, header, secret, 300, undefined, now);
    expect(at(signedMs)).toMatchObject({ type: 'payment.captured' });
    expect(() => webhooks.constructEvent(`${body} `, header, secret, 300, undefined, signedMs)).toThrow();
  });

  it('[WHK-1] the headers are those that are sent, and every delivery is said to bear them', () => {
    for (const [, { post }] of sent) {
      const named = post.parameters.map(
        ({ $ref }) => document.components.parameters[$ref.split('/').at(-1) ?? '']?.name,
      );
      expect(named).toEqual(
        expect.arrayContaining(['webhook-id', 'webhook-timestamp', 'webhook-signature', 'strongroom-signature']),
      );
    }
  });
});

describe('the guide', () => {
  const text = chapters(document)
    .filter(({ id }) => id === 'webhooks')
    .map(({ content }) => content.text)
    .join('');

  it('[WHK-2] publishes the whole schedule', () => {
    const rows = [...text.matchAll(/<tr><td>(\d+)<\/td><td>(?:(\d+) (s|min|h) after the first|at once)<\/td>/g)];
    const unitMs: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 };
    const published = rows.map(([, , count, unit]) => Number(count ?? 0) * (unitMs[unit ?? ''] ?? 0));
    expect(published).toEqual([0, ...webhookLimits.retryOffsetsMs]);
  });

  it('says how to verify, in which order events come and what disables an endpoint', () => {
    for (const id of ['signatures', 'retries', 'order', 'disabled']) expect(text).toContain(`id="${id}"`);
    expect(text).toContain(`${webhookLimits.rejectionsToDisable} answers of 4xx in a row`);
    for (const percent of [50, 70, 90]) expect(text).toContain(String(percent));
  });
});
