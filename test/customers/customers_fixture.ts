// The real functions that hold customers, pay, read and relay, with tables in memory, on a clock that a test moves. Between two
// calls to AWS a test may do whatever another process might have done.

import { createHash } from 'node:crypto';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type TableName, tables } from '../../contract/capabilities.ts';
import { createCustomer, savePaymentMethod } from '../../contract/customers/operations.ts';
import { routes as customerRoutes } from '../../lambdas/functions/customers.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Fields } from '../../lambdas/kernel/platform/log.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import type { Item } from '../../lambdas/kernel/store/row.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';
import { reconcile } from '../../lambdas/payments/reconcile.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { type AwsCall, answeredClients } from '../kit/aws/answered.ts';
import { environment, secretArn } from '../kit/aws/environment.ts';
import { memoryAws } from '../kit/aws/memory.ts';
import { onlyRegion } from '../kit/aws/writer.ts';
import { caller, type Reply, type Sent } from '../kit/requests.ts';

export const startMs = Date.parse('2026-11-21T10:00:00.000Z');

/** Words that stand nowhere else. */
export const zoe = {
  name: 'Zoë Quillfeather',
  email: 'Zoe.Quillfeather@Nordlicht.example',
  phone: '+4915123456701',
  address: {
    line1: 'Brunnengasse 17b',
    line2: 'Hinterhaus links',
    city: 'Oberunterstein',
    state: 'Vorarlberggebiet',
    postal_code: '96317-QX',
    country: 'AT',
  },
  description: 'Prefers telephone calls before breakfast',
  metadata: { passport: 'XK2291847-Q' },
};
export const visa = { token: 'pm_test_visa', card: { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2029 } };

export type CustomersFixture = ReturnType<typeof openCustomersFixture>;

const streamed = (Object.keys(tables) as TableName[]).filter((name) => tables[name].stream);

export function openCustomersFixture() {
  let nowMs = startMs;
  let drawn = 0;
  let made = 0;
  let between: { readonly when: (call: AwsCall) => boolean; readonly act: () => Promise<unknown> } | undefined;
  const random = (bytes: number): Uint8Array => {
    drawn += 1;
    return createHash('shake256', { outputLength: bytes }).update(`customers ${drawn}`).digest();
  };
  const aws = memoryAws({ now: () => nowMs, random });
  const calls: AwsCall[] = [];
  const clients = answeredClients(async (call) => {
    if (between?.when(call)) {
      const { act } = between;
      between = undefined;
      await act();
    }
    calls.push(call);
    return aws.answer(call);
  });
  const lines: { readonly message: string; readonly fields: Fields }[] = [];
  const platform: Platform = {
    clock: () => nowMs,
    config: readConfig(environment('customers', 'http://127.0.0.1:1')),
    random,
    sleep: async () => {},
    ...clients,
    log: (message, fields) => lines.push({ message, fields }),
    meter: () => {},
    writer: onlyRegion,
  };
  const keeping = recorded(platform, 'customers');
  const process = () => caller(serve(portsOf(keeping), customerRoutes));
  let keeps = process();
  const reads = caller(apiHandler((name) => everyPort(recorded(platform, name))));
  const relayed = relay(recorded(platform, 'relay'));
  const nextKey = (): string => {
    made += 1;
    return `key-${made}`;
  };
  const expecting = async (reply: Promise<Reply>): Promise<Reply> => {
    const got = await reply;
    if (got.statusCode !== 201) throw new Error(got.body);
    return got;
  };

  return {
    platform,
    aws,
    calls,
    lines,
    reads,
    nextKey,
    customers: ((operation, sent) => keeps(operation, sent)) as typeof keeps,
    money: (processorOf: MoneyPorts['processorOf']) =>
      caller(serve({ ...moneyPorts(recorded(platform, 'money')), processorOf }, moneyRoutes)),
    /** An hour later. */
    reconcile: (processorOf: MoneyPorts['processorOf']) => {
      nowMs += 3_600_000;
      return reconcile({ ...moneyPorts(recorded(platform, 'reconciler')), processorOf }, 'reconcile', 55_000);
    },
    advance: (ms: number) => {
      nowMs += ms;
    },
    /** As a rotation ends: one more version, which is the current one. */
    rotateDigests: (version: string) => {
      const ask = (operation: string, more: object = {}) =>
        aws.answer({ service: 'secretsmanager', operation, input: { SecretId: secretArn('digests'), ...more } });
      const { SecretString = '' } = ask('GetSecretValue') as { readonly SecretString?: string };
      const before = JSON.parse(SecretString);
      const next = JSON.stringify({ ...before, current: version, [version]: 'another' });
      ask('PutSecretValue', { SecretString: next, ClientRequestToken: '0'.repeat(32), VersionStages: ['AWSCURRENT'] });
    },
    /** The process is gone with all that it held in memory. */
    restart: () => {
      keeps = process();
    },
    /** Before the next call that fits, `act` happens whole. */
    before: (when: (call: AwsCall) => boolean, act: () => Promise<unknown>) => {
      between = { when, act };
    },
    create: async (body: object = zoe, more: Sent = {}) =>
      (await expecting(keeps(createCustomer, { key: nextKey(), body, ...more }))).json,
    save: async (customer: string, body: object = visa, more: Sent = {}) =>
      (await expecting(keeps(savePaymentMethod, { key: nextKey(), params: { customer_id: customer }, body, ...more })))
        .json,
    relayAll: async (): Promise<void> => {
      for (const table of streamed) {
        await relayed({ Records: aws.database.stream(table) } as unknown as DynamoDBStreamEvent);
      }
    },
    items: (table: TableName): Item[] => [...aws.database.items(table)],
    row: (table: TableName, pk: string, sk: string): Item => {
      const found = [...aws.database.items(table)].find((item) => item.pk?.S === pk && item.sk?.S === sk);
      if (found === undefined) throw new Error(`no row ${pk} ${sk}`);
      return structuredClone(found);
    },
    put: (table: TableName, Item: Item) => aws.database.call('PutItem', { TableName: table, Item }),
    remove: (table: TableName, { pk, sk }: Item) =>
      aws.database.call('DeleteItem', { TableName: table, Key: { pk, sk } }),
    /** All that is stored, streamed, queued, published and printed by now. */
    everything: () => ({
      rows: (Object.keys(tables) as TableName[]).map((name) => [...aws.database.items(name)]),
      streams: streamed.map((name) => aws.database.stream(name)),
      messages: aws.queues.receive('deliveries', 1_000),
      bus: aws.published,
      lines,
    }),
  };
}

/** Every text in a value, bytes as the texts that they might hold. */
export function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    yield Buffer.from(value, 'base64').toString();
    yield Buffer.from(value, 'hex').toString();
  } else if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) yield bytes.toString(encoding);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      yield name;
      yield* texts(each);
    }
  }
}

/** Which of the words stand anywhere in it, in any capitals. */
export function found(words: readonly string[], where: unknown): string[] {
  const seen = new Set<string>();
  for (const text of texts(where)) {
    const lower = text.toLowerCase();
    for (const word of words) if (lower.includes(word.toLowerCase())) seen.add(word);
  }
  return [...seen];
}

/** Of somebody's words those that tell. */
export const wordsOf = (body: object): string[] =>
  Object.values(body)
    .flatMap((value) => (typeof value === 'string' ? [value] : wordsOf(value)))
    .filter(({ length }) => length > 3);
