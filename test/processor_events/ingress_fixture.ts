// Providers' webhooks end to end: the real connections, ingress, processor events and retries of the reconciler, with tables in
// memory, on a clock that a test moves. There is no network and nothing is waited for.

import { createHash } from 'node:crypto';
import type { APIGatewayProxyResult, DynamoDBStreamEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import { createConnection } from '../../contract/connections/operations.ts';
import { routes as connectionRoutes } from '../../lambdas/functions/connections.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { sealFields } from '../../lambdas/kernel/crypto/sealed_fields.ts';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { Fields } from '../../lambdas/kernel/platform/log.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type AuditContext, commitChange } from '../../lambdas/kernel/store/commit.ts';
import { dataKeys } from '../../lambdas/kernel/store/data_keys.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import type { Item } from '../../lambdas/kernel/store/row.ts';
import type { Transports } from '../../lambdas/payments/create_processor.ts';
import { type ModificationKind, requestModification } from '../../lambdas/payments/domain/modification.ts';
import { createPayment as decide, type Payment, settleCharge } from '../../lambdas/payments/domain/payment.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';
import { reconcile } from '../../lambdas/payments/reconcile.ts';
import { commitOperation, loadModifications, paymentRow } from '../../lambdas/payments/store.ts';
import { ingressPorts } from '../../lambdas/processor_events/ingress/ports.ts';
import { receive } from '../../lambdas/processor_events/ingress/receive.ts';
import { processorEvents } from '../../lambdas/processor_events/processor_events.ts';
import { retryPending } from '../../lambdas/processor_events/retry_pending.ts';
import { signatureHeader, signNotification } from '../../lambdas/processors/test/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { hmacKey, merchantAccount } from '../../processor/stand_ins/adyen_stub.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { type AwsCall, answeredClients } from '../kit/aws/answered.ts';
import { environment } from '../kit/aws/environment.ts';
import { memoryAws } from '../kit/aws/memory.ts';
import { onlyRegion } from '../kit/aws/writer.ts';
import { type ProviderRequest, providerRequest } from '../kit/provider_request.ts';
import { caller, merchant } from '../kit/requests.ts';

export type IngressFixture = ReturnType<typeof openIngressFixture>;
type Provider = 'stripe' | 'adyen' | 'test';

export const stripeSecret = 'whsec_c3Ryb25ncm9vbS10ZXN0LXNlY3JldA';
export const stripeApiKey = 'sk_test_51StrongroomTestKey';
export const adyenApiKey = 'AQEtestKeyOfAdyen.With$igns==';

export const bodies = {
  stripe: {
    provider: 'stripe',
    api_key: stripeApiKey,
    webhook_secret: stripeSecret,
    publishable_key: 'pk_test_51StrongroomPage',
  },
  adyen: {
    provider: 'adyen',
    api_key: adyenApiKey,
    merchant_account: merchantAccount,
    hmac_key: hmacKey,
    multiple_partial_captures: 'enabled',
    client_key: 'test_QWERTYUIOPASDFGHJKL',
  },
  test: { provider: 'test', webhook_secret: stripeSecret },
} as const;

interface Made {
  readonly id: string;
  readonly provider: Provider;
  readonly ingress_url: string;
  readonly webhook_secret: string | null;
}

type How = Partial<Pick<ProviderRequest, 'headers' | 'base64' | 'provider'>>;

interface Options {
  /** May throw instead of a call to AWS. */
  readonly fault?: (call: AwsCall) => boolean;
  /** Environment variables that differ. */
  readonly variables?: Readonly<Record<string, string>>;
}

export function openIngressFixture({ fault = () => false, variables = {} }: Options = {}) {
  let nowMs = Date.parse('2026-11-21T10:00:00.000Z');
  let drawn = 0;
  let made = 0;
  const random = (bytes: number): Uint8Array => {
    drawn += 1;
    return createHash('shake256', { outputLength: bytes }).update(`ingress ${drawn}`).digest();
  };
  const aws = memoryAws({ now: () => nowMs, random });
  const calls: string[] = [];
  const clients = answeredClients(async (call) => {
    calls.push(call.operation);
    if (fault(call)) throw new Error('the call was lost');
    return aws.answer(call);
  });
  const lines: { readonly message: string; readonly fields: Fields }[] = [];
  const platform: Platform = {
    clock: () => nowMs,
    config: readConfig({ ...environment('ingress', 'http://127.0.0.1:1'), ...variables }),
    random,
    sleep: async () => {},
    ...clients,
    log: (message, fields) => lines.push({ message, fields }),
    meter: () => {},
    writer: onlyRegion,
  };
  const connecting = caller(serve(portsOf(recorded(platform, 'connections')), connectionRoutes));
  const reading = recorded(platform, 'payments_read');
  const keys = keyring(reading, 'tenant', dataKeys(reading));
  const reads = caller(apiHandler((name) => everyPort(recorded(platform, name))));
  let ingress = receive(ingressPorts(recorded(platform, 'processor_webhooks')));
  const sealing = (name: 'processor_events' | 'reconciler') => {
    const own = recorded(platform, name);
    return { platform: own, keyring: keyring(own, 'tenant', dataKeys(own)) };
  };
  const settling = processorEvents(sealing('processor_events'));
  const relayed = relay(recorded(platform, 'relay'));
  const owner = { tenant: merchant.tenant, mode: 'test' } as const;
  const actor = { kind: 'key', id: merchant.actor_id } as const;
  const audit: AuditContext = { ...owner, actor, onBehalfOf: null, requestId: 'ingress', address: null };
  const connected = new Map<Provider, string>();
  let seen = 0;

  const newId = (kind: 'payment' | ModificationKind): string => {
    made += 1;
    return derivedId(kind, 'us', ['ingress', made]);
  };
  const payment = async (id: string) => {
    const found = await load(platform, paymentRow, { id });
    if (found === undefined) throw new Error('no such payment');
    return found;
  };

  return {
    platform,
    aws,
    calls,
    lines,
    connecting,
    reads,
    now: () => nowMs,
    newId,
    payment,
    advance: (ms: number) => {
      nowMs += ms;
    },
    nextKey: (): string => {
      made += 1;
      return `key-${made}`;
    },
    /** The process is gone with all that it held in memory. */
    crash: () => {
      ingress = receive(ingressPorts(recorded(platform, 'processor_webhooks')));
    },
    async connect(provider: Provider, authorizer: Record<string, unknown> = merchant): Promise<Made> {
      made += 1;
      const reply = await connecting(createConnection, { key: `connect-${made}`, body: bodies[provider], authorizer });
      if (reply.statusCode !== 201) throw new Error(reply.body);
      connected.set(provider, reply.json.id);
      return reply.json;
    },
    /** What a provider sends; the gateway hands it over as text, or as base64. */
    post({ id, provider }: Pick<Made, 'id' | 'provider'>, raw: Buffer, how: How = {}): Promise<APIGatewayProxyResult> {
      made += 1;
      return ingress(
        providerRequest({ provider, connection: id, raw, headers: {}, requestId: `ingress-${made}`, ...how }),
      );
    },
    /** The test processor's approval of a charge, with what differs. */
    test(to: Made, changes: object = {}, data: object = {}): Promise<APIGatewayProxyResult> {
      const approved = {
        charge: 'ch_1',
        reference: '',
        order: '',
        amount: 1000,
        currency: 'EUR',
        capture: false,
        action_path: null,
        decline_code: null,
        ...data,
      };
      const message = {
        id: 'evt_1',
        type: 'charge.approved',
        occurred_at: timestamp(nowMs),
        data: approved,
        ...changes,
      };
      const raw = Buffer.from(JSON.stringify(message));
      const signature = signNotification(raw, new Secret(stripeSecret), nowMs);
      return this.post(to, raw, { headers: { [signatureHeader]: signature } });
    },
    stripe(to: Made, event: object, secret = stripeSecret): Promise<APIGatewayProxyResult> {
      const raw = Buffer.from(JSON.stringify(event));
      return this.post(to, raw, { headers: { 'Stripe-Signature': signed(raw, [new Secret(secret)], nowMs) } });
    },
    /** Applies the events that the stream holds by now, or the records that it is given. */
    async settle(records?: readonly object[]): Promise<void> {
      const Records = records ?? aws.database.stream('processor_events').slice(seen);
      seen += records === undefined ? Records.length : 0;
      const batch = functions.processor_events.trigger.batchRecords;
      for (let from = 0; from < Records.length; from += batch) {
        const { batchItemFailures } = await settling({
          Records: Records.slice(from, from + batch),
        } as unknown as DynamoDBStreamEvent);
        if (batchItemFailures.length > 0) throw new Error('a record was left');
      }
    },
    retry: () => retryPending(sealing('reconciler'), 55_000),
    async relayAll(): Promise<void> {
      for (const table of ['payments', 'providers'] as const) {
        await relayed({ Records: aws.database.stream(table) } as unknown as DynamoDBStreamEvent);
      }
    },
    money: (processorOf: MoneyPorts['processorOf']) =>
      caller(serve({ ...moneyPorts(platform), processorOf }, moneyRoutes)),
    /** Functions that have just started, with what stands in for the providers. */
    moving(transports: Transports) {
      const ports = moneyPorts(recorded(platform, 'reconciler'), transports);
      return {
        pay: caller(serve(moneyPorts(recorded(platform, 'money'), transports), moneyRoutes)),
        reconcile: () => reconcile(ports, 'reconcile', 55_000),
      };
    },
    /** Rows of providers' events. */
    events: (): Item[] => [...aws.database.items('processor_events')].filter(({ sk }) => sk?.S?.startsWith('pev_')),
    entries: (): Item[] => [...aws.database.items('audit')],
    /** A payment whose order went out, and whose answer was lost: through the provider's last connection, if it has one. */
    async pay(processor: Provider, more: Partial<Payment> = {}): Promise<string> {
      const { id = newId('payment') } = more;
      const origin = { id, ...owner, processor, bodyDigest: 'none' };
      const asked = { amount: 1_000, currency: 'EUR', payment_method: 'pm_x', capture_method: 'manual' };
      const sealedFields = await sealFields(
        keys,
        { object: 'payment', id, ...owner },
        { description: null, metadata: {} },
      );
      const { next, fact } = decide(origin, asked as never, sealedFields, { ms: nowMs, text: timestamp(nowMs) });
      const connection = connected.get(processor) ?? null;
      await commitChange(platform, paymentRow, null, { next: { ...next, connection, ...more }, fact }, audit);
      return id;
    },
    async authorize(id: string, charge: string): Promise<void> {
      const found = await payment(id);
      const settled = settleCharge(found.value, { kind: 'approved', charge, captured: false }, nowMs);
      if (settled === null) throw new Error('not settled');
      await commitChange(platform, paymentRow, found, settled, audit);
    },
    /** Reserved and sent; its answer was lost. */
    async ask(kind: ModificationKind, of: string, amount?: number): Promise<string> {
      const found = await payment(of);
      const id = newId(kind);
      const sealedFields =
        kind === 'refund' ? await sealFields(keys, { object: kind, id, ...owner }, { reason: null }) : null;
      const asked = { kind, id, amount, sealedFields, bodyDigest: 'none' };
      const decided = requestModification(found.value, asked, { ms: nowMs, text: timestamp(nowMs) });
      if ('refused' in decided) throw new Error(decided.refused);
      await commitOperation(platform, { payment: found, modification: null }, decided, audit);
      return id;
    },
    /** All that merchants can see of a payment. */
    async end(id: string) {
      const { value } = await payment(id);
      const { status, disputed, amount_authorized, amount_captured, amount_refunded, amount_voided } = value;
      const { capture_reserved, refund_reserved, last_error } = value;
      const kinds = ['capture', 'refund', 'void'] as const;
      const parts = (await Promise.all(kinds.map((kind) => loadModifications(platform, id, kind))))
        .flat()
        .map(({ value }) => value);
      return {
        status,
        disputed,
        amounts: { amount_authorized, amount_captured, amount_refunded, amount_voided },
        reserved: { capture_reserved, refund_reserved },
        error: last_error?.code ?? null,
        parts: parts.map((each) => `${each.object} ${each.amount} ${each.status}`).sort(),
      };
    },
  };
}
