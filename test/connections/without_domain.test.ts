// A stage as it is first deployed: without a domain, and without a test processor. It takes requests, gives out addresses that
// lead to it, and refuses what it cannot do before anything is stored.

import { describe, expect, it } from 'vitest';
import { createConnection } from '../../contract/connections/operations.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { createPayment } from '../../contract/payments/operations.ts';
import { baseUrlOf } from '../../lambdas/kernel/http/base_url.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { processors, processorTransports } from '../../lambdas/payments/create_processor.ts';
import { environment } from '../kit/aws/environment.ts';
import { eventOf } from '../kit/requests.ts';
import { bodies, openIngressFixture } from '../processor_events/ingress_fixture.ts';

const unset = { [variables.baseUrls]: '{}', [variables.testProcessorUrl]: '' };
const open = () => openIngressFixture({ variables: unset });

describe('without a domain', () => {
  it.each(['stripe', 'adyen', 'test'] as const)(
    'a connection to %s gets an address at the zone’s own API',
    async (provider) => {
      const { connecting } = open();
      const { statusCode, json } = await connecting(createConnection, { key: 'first', body: bodies[provider] });
      expect(statusCode).toBe(201);
      expect(json.ingress_url).toBe(
        `https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/api/v1/ingress/${provider}/${json.id}`,
      );
    },
  );

  it('no host name that a request bears becomes part of an address', async () => {
    const { connecting } = open();
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' };
    const { json } = await connecting(createConnection, { key: 'first', headers, body: bodies.stripe });
    expect(json.ingress_url).not.toContain('evil');
  });

  it('an event that names no API makes no address', () => {
    const config = readConfig({ ...environment('test', ''), ...unset });
    const event = eventOf(createConnection, {});
    for (const context of [{}, { apiId: 'evil.example/a', stage: 'api' }, { apiId: 'a1b2c3d4e5', stage: '../b' }]) {
      const requestContext = context as unknown as typeof event.requestContext;
      expect(() => baseUrlOf({ requestContext }, config)).toThrow('a request names no API');
    }
  });

  it('a stage that has a domain is reached there, whatever its API is called', () => {
    const config = readConfig(environment('test', ''));
    expect(baseUrlOf(eventOf(createConnection, {}), config)).toBe('https://api.us.example.com/v1');
  });
});

describe('without a test processor', () => {
  const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
  const refused = { statusCode: 422, json: { code: 'test_processor_missing' } };

  it('a payment that would go there is refused, and nothing of it is stored', async () => {
    const fixture = open();
    const { pay } = fixture.moving(processorTransports());
    expect(await pay(createPayment, { key: 'one', body })).toMatchObject(refused);
    const { id: connection } = await fixture.connect('test');
    expect(await pay(createPayment, { key: 'two', body: { ...body, connection } })).toMatchObject(refused);
    expect([...fixture.aws.database.items('payments')]).toEqual([]);
  });

  it('a payment made while there was one waits: that it was not charged is never concluded', async () => {
    const { platform } = open();
    const of = processors({
      platform,
      secrets: { open: () => Promise.reject(new Error('unused')) },
      connections: () => Promise.reject(new Error('unused')),
      transports: processorTransports(),
    });
    const payment = { tenant: 'ten_1', mode: 'test', connection: null, processor: 'test' } as const;
    await expect(of(payment)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a variable that is missing is still a defect', () => {
    const { [variables.testProcessorUrl]: _, ...rest } = environment('test', '');
    expect(() => readConfig(rest).testProcessorUrl).toThrow('is missing');
  });
});
