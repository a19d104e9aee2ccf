// What the guide says of connecting a processor: whoever does as it says is told all that we read, and no text promises
// what the code does otherwise.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { providerNames } from '../../contract/connections/connection.ts';
import { slo } from '../../contract/kernel/slo.ts';
import { ingressLimits, processorEventLimits } from '../../contract/processor_events/limits.ts';
import { documents } from '../../generate/documents.ts';
import { openapi } from '../../generate/openapi.ts';
import { chapters } from '../../lambdas/docs/guide.ts';
import { eventsToSend } from '../../lambdas/docs/processor_guide.ts';
import { reference } from '../../lambdas/docs/reference.ts';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { disputeStages, ignoredCodes, movingCodes } from '../../lambdas/processors/adyen/event_codes.ts';
import { adyenNotifications } from '../../lambdas/processors/adyen/notifications.ts';
import { stripeNotifications } from '../../lambdas/processors/stripe/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import { type AdyenItem, hmacKey, item, merchantAccount, messageOf } from '../../processor/stand_ins/adyen_stub.ts';
import { newId } from '../processors/notified_payment.ts';

const document = openapi('0.0.0');
const text = chapters(document)
  .filter(({ id }) => id === 'processors')
  .map(({ content }) => content.text)
  .join('');
const sourceOf = (provider: string): string =>
  readFileSync(`lambdas/processors/${provider}/notifications.ts`, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');

describe('[PAY-2] the events that a processor is to send', () => {
  const nowMs = 1_790_000_000_000;
  const secret = new Secret('whsec_an_example_and_nobodys');

  /** Of a kind that is read, a shape that nobody documents is refused; whatever is not read is ignored. */
  const stripeReads = (type: string): boolean => {
    const raw = Buffer.from(JSON.stringify({ id: 'evt_1', type, created: 1, livemode: false, data: { object: {} } }));
    const headers = (name: string) => (name === 'stripe-signature' ? signed(raw, [secret], nowMs) : undefined);
    const read = stripeNotifications('test').receive(raw, headers, [secret], nowMs);
    if ('refused' in read && read.refused !== 'malformed') throw new Error(read.refused);
    return 'refused' in read;
  };

  test.each(eventsToSend.stripe)('Stripe: %s is read', (type) => {
    expect(stripeReads(type)).toBe(true);
  });

  test('Stripe: whatever else is read is told by one of these as well', () => {
    const inSource = [...sourceOf('stripe').matchAll(/'((?:payment_intent|refund|charge)\.[\w.]+)'/g)];
    const read = inSource.map(([, type = '']) => type).filter(stripeReads);
    // The older name of `refund.updated`.
    expect(read.filter((type) => type !== 'charge.refund.updated').sort()).toEqual([...eventsToSend.stripe].sort());
    expect(stripeReads('payment_intent.created')).toBe(false);
  });

  const payment = newId('pay');
  const references = [payment, ...(['cap', 'ref', 'void'] as const).map((kind) => `${payment}-${newId(kind)}`)];
  const adyenReads = (eventCode: string): boolean =>
    references.some((merchantReference) =>
      (['true', 'false'] as const).some((success) => {
        const changes: Partial<AdyenItem> = { eventCode, success, merchantReference, originalReference: 'PSP1' };
        const raw = messageOf(item(changes));
        const read = adyenNotifications(merchantAccount, 'test').receive(
          raw,
          () => undefined,
          [new Secret(hmacKey)],
          nowMs,
        );
        if ('refused' in read) throw new Error(read.refused);
        return read.notifications.some(({ effect }) => effect.kind !== 'ignored');
      }),
    );

  test.each(eventsToSend.adyen)('Adyen: %s is read', (eventCode) => {
    expect(adyenReads(eventCode)).toBe(true);
  });

  test('Adyen: nothing else is', () => {
    const all = [...movingCodes, ...Object.keys(disputeStages), ...Object.keys(ignoredCodes)];
    expect(all.filter(adyenReads).sort()).toEqual([...eventsToSend.adyen].sort());
    expect(adyenReads('REPORT_AVAILABLE')).toBe(false);
  });
});

describe('the guide', () => {
  test('names every event, every credential and the address', () => {
    for (const event of Object.values(eventsToSend).flat()) expect(text).toContain(`<code>${event}</code>`);
    for (const field of ['ingress_url', 'webhook_secret', 'hmac_key']) expect(text).toContain(field);
    expect(Object.keys(eventsToSend).sort()).toEqual(providerNames.filter((name) => name !== 'test').sort());
  });

  test('[DSR-3] states the service level, how long what came is kept, and how long it is looked at again', () => {
    expect(text).toContain(`${slo.ingress.p99Ms} ms`);
    expect(text).toContain(`${ingressLimits.eventRetentionDays} days`);
    expect(text).toContain(`${Math.max(...processorEventLimits.retryOffsetsMs) / 3_600_000} hours`);
  });

  test('shows the body of each kind of connection, field by field, and asks for no more', () => {
    const page = reference(document);
    const section = page.slice(page.indexOf('id="createConnection"'), page.indexOf('id="deleteConnection"'));
    for (const field of ['api_key', 'merchant_account', 'hmac_key', 'live_prefix', 'webhook_secret']) {
      expect(section).toContain(`<code class="name">${field}</code>`);
    }
    expect(section).not.toContain('An empty object');
  });
});

describe('documents', () => {
  const written = documents();

  test('[ENC-4] no credential is in anything that can be read of a connection', () => {
    const { Connection, CreatedConnection } = document.components.schemas;
    for (const schema of [Connection, CreatedConnection]) {
      expect(Object.keys(schema?.properties ?? {})).not.toEqual(expect.arrayContaining(['api_key']));
      expect(Object.keys(schema?.properties ?? {})).not.toEqual(expect.arrayContaining(['hmac_key']));
    }
    expect(Object.keys(Connection?.properties ?? {})).not.toContain('webhook_secret');
  });

  test('[API-1] the ingress is said to ask for no credential, and is in no client', () => {
    expect(written['operations.md']).toContain(
      'Processors send their notifications to `POST /v1/ingress/{provider}/{connection_id}`, which is served by `processor_webhooks`.',
    );
    expect(written['functions.md']).toContain('`POST /v1/ingress/{provider}/{connection_id}`');
    expect(written['../../sdk/src/generated.ts']).not.toContain('/ingress');
  });

  test('a connection cannot be made without saying which', () => {
    expect(written['../../sdk/src/generated.ts']).toMatch(/create\(body: CreateConnection, options\?: KeyedOptions\)/);
  });

  test.each(['signature_invalid', 'notification_malformed'])(
    '%s is said to be what processors are answered',
    (code) => {
      expect(written[`errors/${code}.md`]).toContain('- for processors: `POST /v1/ingress/{provider}/{connection_id}`');
    },
  );
});
