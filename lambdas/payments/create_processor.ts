// Which processor a payment goes to: the test mode's own, or the tenant's account behind the payment's connection. The address
// of each is fixed here and never comes from a caller. A connection that cannot be read or opened is refused for now, which is
// never "not charged": an earlier call may have arrived.

import { cacheLimits } from '../../contract/kernel/limits.ts';
import { moneyLimits as limits } from '../../contract/payments/limits.ts';
import type { Connections } from '../connections/cached.ts';
import { acceptsFollowUpOperations, type Connection } from '../connections/domain/connection.ts';
import { openCredentials } from '../connections/open_credentials.ts';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { Secret } from '../kernel/crypto/secret.ts';
import { Defect, defectOf, Refusal, unavailable } from '../kernel/domain/refusal.ts';
import { notFound } from '../kernel/operation/named.ts';
import { cache } from '../kernel/platform/cache.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { adyenLiveUrl, adyenProcessor, adyenTestUrl, adyenTransport } from '../processors/adyen/processor.ts';
import type { Order, ProviderFact } from '../processors/domain/fact.ts';
import type { Transport } from '../processors/https_exchange.ts';
import type { Processor } from '../processors/processor.ts';
import { stripeProcessor, stripeTransport } from '../processors/stripe/processor.ts';
import { testProcessor } from '../processors/test/processor.ts';
import type { Payment } from './domain/payment.ts';

/** To the providers: shared by every account there, but for Adyen's live mode, where each has an address of its own. */
export interface Transports {
  /** Of both modes: the key says which. */
  readonly stripe: Transport;
  readonly adyen: Transport;
  readonly adyenLive: (prefix: string) => Transport;
}

export const processorTransports = (): Transports => ({
  stripe: stripeTransport(),
  adyen: adyenTransport(adyenTestUrl),
  adyenLive: (prefix) => adyenTransport(adyenLiveUrl(prefix)),
});

/** What decides where a payment goes. */
export type ProcessorTarget = Pick<Payment, 'tenant' | 'mode' | 'connection' | 'processor'>;

/**
 * Refuses with `connection_not_found` where the connection is gone for good, with `unavailable` where it cannot be read or
 * opened now.
 */
export type ProcessorOf = (payment: ProcessorTarget) => Promise<Processor>;

interface Needs {
  readonly platform: Platform;
  readonly secrets: Pick<Keyring, 'open'>;
  readonly connections: Connections;
  readonly transports: Transports;
}

export function processors({ platform, secrets, connections, transports }: Needs): ProcessorOf {
  let test: Processor | undefined;
  const cached = cache<{ readonly processor: Processor; readonly version: string }>(
    platform.clock,
    cacheLimits.processors,
  );

  const found = async (payment: ProcessorTarget, id: string, uncached?: 'uncached'): Promise<Connection> => {
    const connection = await connections(id, uncached);
    const matches =
      connection?.tenant === payment.tenant &&
      connection.mode === payment.mode &&
      connection.provider === payment.processor;
    if (!matches || !acceptsFollowUpOperations(connection, platform.clock())) throw notFound('connection');
    return connection;
  };

  const connected = async (payment: ProcessorTarget, id: string, uncached?: 'uncached'): Promise<Processor> => {
    // The tenant is part of the name: what was opened for one tenant is nobody else's.
    // Stryker disable next-line StringLiteral: ids are of one length, so that no two lists run together alike.
    const name = [payment.tenant, payment.mode, payment.processor, id].join(' ');
    const untilMs = platform.clock() + cacheLimits.processorMs;
    const connection = await found(payment, id, uncached);
    const version = versionOf(connection);
    const known = cached.get(name);
    if (known?.version === version) return known.processor;
    const made = await createProcessor(connection, secrets, transports);
    const processor = {
      ...made,
      // Refused, it moved nothing. Credentials may have been replaced within the moment for which a connection is cached.
      send: async (order: Order, key: string, deadlineMs: number): Promise<ProviderFact> => {
        const endMs = platform.clock() + deadlineMs;
        const fact = await made.send(order, key, deadlineMs);
        if (fact.kind !== 'misconfigured') return fact;
        const current = await connected(payment, id, 'uncached').catch(() => processor);
        const leftMs = endMs - platform.clock();
        return current === processor || leftMs < limits.providerMinMs ? fact : current.send(order, key, leftMs);
      },
    };
    cached.keep(name, { processor, version }, untilMs);
    return processor;
  };

  return async (payment) => {
    const { mode, connection, processor } = payment;
    if (processor === 'test') {
      if (mode !== 'test') throw new Defect('the test processor takes no live payment');
      const { testProcessorUrl } = platform.config;
      // Of a payment that was made while there was one: nothing can be known of it now.
      if (testProcessorUrl === undefined) throw unavailable();
      test ??= testProcessor(testProcessorUrl);
      return test;
    }
    if (connection === null) throw new Defect('a payment names a provider and no connection');
    return orUnavailable(platform, payment, () => connected(payment, connection));
  };
}

/** Another as soon as credentials were replaced: what was made of the old ones is used no more. */
const versionOf = ({ replacements }: Connection): string => replacements.at(-1)?.id ?? '';

/** Whatever fails is logged, and the caller may try again. */
export async function orUnavailable<T>(
  { log }: Pick<Platform, 'log'>,
  { tenant, mode, connection }: Omit<ProcessorTarget, 'processor'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const defect = defectOf(error);
    log('connection_failed', { tenant, mode, defect, ...(connection !== null && { object: connection }) });
    throw unavailable();
  }
}

async function createProcessor(
  connection: Connection,
  secrets: Pick<Keyring, 'open'>,
  transports: Transports,
): Promise<Processor> {
  const credentials = (await openCredentials(secrets, connection)).reveal();
  switch (credentials.provider) {
    case 'stripe':
      return stripeProcessor(
        { apiKey: new Secret(credentials.api_key), publishableKey: credentials.publishable_key ?? null },
        transports.stripe,
      );
    case 'adyen': {
      const { api_key, merchant_account: merchantAccount, multiple_partial_captures, live_prefix } = credentials;
      const isLive = connection.mode === 'live';
      // No address of the other mode is ever asked, whatever the credentials hold.
      if (isLive !== (live_prefix !== null)) throw new Defect('an account at Adyen has no address in its mode');
      const transport = live_prefix === null ? transports.adyen : transports.adyenLive(live_prefix);
      const account = { apiKey: new Secret(api_key), merchantAccount, clientKey: credentials.client_key ?? null };
      return adyenProcessor({ ...account, multiplePartialCaptures: multiple_partial_captures }, transport);
    }
    case 'test':
      throw new Defect('a connection’s credentials are another provider’s');
  }
}
