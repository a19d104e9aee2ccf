// What is published: one file that imports nothing and needs nothing of Node, with types that a merchant's compiler takes.

import { execFile } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSdk } from '../../sdk/build.ts';
import manifest from '../../sdk/package.json' with { type: 'json' };
import { vectors } from '../../sdk/vectors.ts';

const run = promisify(execFile);
let folder = '';
let code = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strongroom-sdk-'));
  const installed = join(folder, 'node_modules', ...manifest.name.split('/'));
  await mkdir(installed, { recursive: true });
  await cp('sdk/package.json', join(installed, 'package.json'));
  await buildSdk(join(installed, 'dist'));
  code = await readFile(join(installed, 'dist', 'index.js'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the published file where there is nothing but the language and these globals. */
function load(globals: object): Record<string, unknown> {
  const exported = /\nexport \{([^}]*)\};\s*$/.exec(code);
  const script = `${code.slice(0, exported?.index)}\n;({${exported?.[1]}})`;
  return runInContext(script, createContext({ ...globals }));
}

describe('the package', () => {
  it('has no dependency', () => {
    expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([]);
    expect(manifest).toMatchObject({ type: 'module', license: 'Apache-2.0', sideEffects: false });
  });

  it('imports nothing', () => {
    expect(code).not.toMatch(/^\s*import\b|\bimport\s*\(|\brequire\s*\(|\bfrom\s*["']/m);
    expect(code).not.toMatch(/node:|\bBuffer\b|\bprocess\b/);
  });

  it('[WHK-1] verifies with nothing but Web Crypto and its neighbours', async () => {
    const web = { crypto: webcrypto, TextEncoder, TextDecoder, atob, btoa };
    const { webhooks } = load(web) as typeof import('../../sdk/src/index.ts');
    for (const { name, body, headers, secret, now_seconds, verdict } of vectors()) {
      const verified = webhooks.verify(body, { ...headers }, secret, { now: () => now_seconds * 1000 });
      const outcome = await verified.then(
        () => 'valid',
        (thrown: { code: string }) => (body === '{}' && thrown.code === 'body_malformed' ? 'valid' : thrown.code),
      );
      expect(outcome, name).toBe(verdict);
    }
  });

  it('[WHK-1] without Web Crypto it verifies nothing', async () => {
    const { webhooks } = load({ TextEncoder, TextDecoder, atob, btoa }) as typeof import('../../sdk/src/index.ts');
    const [valid] = vectors();
    const now = () => (valid?.now_seconds ?? 0) * 1000;
    await expect(
      webhooks.verify(valid?.body ?? '', { ...valid?.headers }, valid?.secret ?? '', { now }),
    ).rejects.toThrow();
  });

  it('calls with nothing but what the web has', async () => {
    const asked: string[] = [];
    const web = {
      crypto: webcrypto,
      TextEncoder,
      TextDecoder,
      URL,
      URLSearchParams,
      AbortController,
      setTimeout,
      clearTimeout,
    };
    const { strongroom } = load({
      ...web,
      fetch: async (url: string, { headers }: { headers: Record<string, string> }) => {
        asked.push(url, headers['Idempotency-Key'] ?? '', headers['User-Agent'] ?? '');
        return Response.json({ object: 'payment', id: 'pay_1' });
      },
    }) as typeof import('../../sdk/src/index.ts');
    const client = strongroom({ key: 'sk_test_us_a_b', domain: 'example.com' });
    const order = { amount: 1, currency: 'EUR', payment_method: 'pm_test_visa' } as const;
    expect(await client.payments.create(order)).toMatchObject({ id: 'pay_1' });
    expect(asked).toEqual([
      'https://api.us.example.com/v1/payments',
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      `strongroom-sdk/${manifest.version}`,
    ]);
  });

  it.each([
    ['a Node that requires ES modules', []],
    ['a Node that does not, such as 20.18', ['--no-experimental-require-module']],
  ])('can be required and imported: %s', async (_, flags) => {
    const file = join(folder, 'shop.cjs');
    await writeFile(
      file,
      `const { StrongroomError, strongroom, webhooks } = require('${manifest.name}');
const client = strongroom({ key: 'sk_test_us_a', domain: 'example.com', attempts: 1, fetch: () => Response.json({}, { status: 429 }) });
const thrown = client.payments.get('pay_1').catch((error) => error instanceof StrongroomError);
const imported = import('${manifest.name}').then((module) => Object.keys(module).join());
Promise.all([thrown, imported]).then(([own, names]) => console.log(own, typeof webhooks.verify, names));
`,
    );
    const names = 'ConnectionError,StrongroomError,WebhookVerificationError,strongroom,unlessFailed,webhooks';
    await expect(run(process.execPath, [...flags, file])).resolves.toMatchObject({
      stdout: `true function ${names}\n`,
    });
  });

  it('is one library for those who require it and those who import it, where Node lets it be', async () => {
    const file = join(folder, 'both.cjs');
    await writeFile(
      file,
      `const { StrongroomError } = require('${manifest.name}');
import('${manifest.name}').then((module) => console.log(module.StrongroomError === StrongroomError));
`,
    );
    await expect(run(process.execPath, [file])).resolves.toMatchObject({ stdout: 'true\n' });
  });

  it('has types that a merchant’s compiler takes, and that refuse what the API would', async () => {
    await writeFile(
      join(folder, 'shop.ts'),
      `import { StrongroomError, strongroom, type Payment, webhooks } from '${manifest.name}';
export async function shop(raw: Uint8Array, headers: Headers, node: Record<string, string | string[] | undefined>) {
  const client = strongroom({ key: 'sk_test_us_a', domain: 'example.com' });
  const order = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' } as const;
  const payment: Payment = await client.payments.create(order, { idempotencyKey: 'order-42' });
  await client.payments.refund(payment.id);
  for await (const { amount_captured } of client.payments.list({ limit: 100 })) amount_captured.toFixed();
  // @ts-expect-error: no such currency
  await client.payments.create({ ...order, currency: 'EURO' });
  // @ts-expect-error: no such field
  await client.payments.create({ ...order, card_number: '4242' });
  // @ts-expect-error: a read takes no Idempotency-Key
  await client.payments.get(payment.id, { idempotencyKey: 'a' });
  // @ts-expect-error: options in the place of an empty body
  await client.payments.void(payment.id, { idempotencyKey: 'a' });
  // @ts-expect-error: a change of nothing
  await client.tenants.update('ten_1');
  const event = await webhooks.verify(raw, headers, ['whsec_a', 'whsec_b']);
  await webhooks.verify('', node, 'whsec_a', { toleranceSeconds: 60 });
  // @ts-expect-error: not before the type is known
  event.data.amount_refunded;
  switch (event.type) {
    case 'payment.captured':
      return event.data.amount_refunded;
    case 'refund.failed':
      return event.data.last_error?.decline_code;
    // @ts-expect-error: no such event
    case 'payment.exploded':
      return null;
    default:
      return event.id;
  }
}
export const code = (thrown: unknown): string => (thrown instanceof StrongroomError ? thrown.code : 'none');
`,
    );
    const options = '--noEmit --strict --ignoreConfig --target es2022 --lib es2022,dom --types'.split(' ');
    const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
    for (const [type, module, resolution] of [
      ['module', 'nodenext', 'nodenext'],
      ['module', 'node16', 'node16'],
      ['module', 'esnext', 'bundler'],
      ['commonjs', 'nodenext', 'nodenext'],
      ['commonjs', 'node16', 'node16'],
    ] as const) {
      await writeFile(join(folder, 'package.json'), JSON.stringify({ type }));
      const how = ['', '--module', module, '--moduleResolution', resolution, join(folder, 'shop.ts')];
      await expect(run(process.execPath, [tsc, ...options, ...how])).resolves.toMatchObject({ stdout: '' });
    }
  });
});
