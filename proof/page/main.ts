// A payer in a real browser: a page that holds a publishable key and the secret of one payment, the processor's own fields, a bank's
// challenge. In the end it is paid, and the card's number is nowhere but at the processor: not in the page, what the browser logged and
// stored, nor in anything that the local cloud wrote. `npm run page`; it needs a Chromium, such as Debian's (`apt-get install chromium`).

import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type LocalCloud, startCloud } from '../../cli/tour/cloud.ts';
import { client } from '../../cli/tour/wire.ts';
import { listen } from '../../local/host/ports.ts';

const card = '4000002500003155';
const declinedCard = '4000000000000002';
const limitMs = 120_000;
const stepMs = 15_000;
const root = join(import.meta.dirname, '..', '..');
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/checkout.js': ['checkout.js', 'text/javascript; charset=utf-8'],
  '/checkout.css': ['checkout.css', 'text/css; charset=utf-8'],
};

const usage = `Pays in Chromium, on a page that holds no more than a publishable key, and looks for the card's number everywhere.

  npm run page                        Chromium is /usr/bin/chromium
  npm run page -- --chromium FILE     another one
  npm run page -- --screenshots DIR   keeps pictures: light, dark, and 390 pixels wide
  npm run page -- --no-synth          runs the cdk.out that is there

Ends with 0 when the payment was made and the number found nowhere.
`;

const say = (text: string): void => console.log(text);

function must(holds: boolean, expectation: string): void {
  if (!holds) throw new Error(`Expected: ${expectation}`);
  say(`  ✓ ${expectation}`);
}

/** The page, as any web server would give it to anybody. */
async function servePage(): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    const [file, type] = files[request.url ?? ''] ?? [];
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': type }).end(readFileSync(join(root, 'web', 'checkout', file)));
  });
  const port = await listen(server, { what: 'the page' });
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}

/** What the shop's server does: a payment, and what the page needs of it. */
async function orderFor({ ready }: LocalCloud, end: AbortSignal) {
  const secret = ready.tenants.find(({ zone }) => zone === 'us')?.secret_key ?? '';
  const shop = { name: 'shop', secret };
  const post = async (path: string, key: string, body: object) => {
    const reply = await client(end).send(ready.api.us, { method: 'POST', path, as: shop, key, body });
    if (reply.status !== 201) throw new Error(`${path}: ${reply.text}`);
    return reply.json as Record<string, string>;
  };
  const key = await post('/v1/keys', 'page', { name: 'Page', kind: 'publishable' });
  const payment = await post('/v1/payments', 'order', { amount: 1999, currency: 'EUR', description: 'Order 42' });
  const fragment = {
    api: ready.api.us,
    key: key.secret ?? '',
    payment: payment.id ?? '',
    secret: payment.client_secret ?? '',
  };
  return { fragment: new URLSearchParams(fragment).toString(), key: key.secret ?? '' };
}

/** In the processor's own window. */
async function typeCard(context: BrowserContext, page: Page, number: string): Promise<Page> {
  const opening = context.waitForEvent('page', { timeout: stepMs });
  await page.click('#pay');
  const fields = await opening;
  await fields.fill('input[name=number]', number.replace(/(.{4})(?=.)/g, '$1 '));
  await fields.click('form:has(input[name=number]) button');
  await fields.waitForLoadState();
  return fields;
}

const statusOf = (page: Page, status: string): Promise<unknown> =>
  page.waitForSelector(`body[data-status=${status}]`, { state: 'attached', timeout: stepMs });

async function pay(
  context: BrowserContext,
  address: string,
  picture: (page: Page, name: string) => Promise<void>,
): Promise<string[]> {
  const seen: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => seen.push(message.text()));
  page.on('request', (request) => seen.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  await page.goto(address);
  await statusOf(page, 'requires_payment_method');
  must((await page.textContent('#amount'))?.includes('19.99') === true, 'the page shows what is to be paid');
  must(!page.url().includes('#'), 'the page keeps no secret in its address');
  await picture(page, 'checkout');

  await (await typeCard(context, page, declinedCard)).close();
  await page.waitForSelector('#status:has-text("another card")', { timeout: stepMs });
  say('  ✓ a card that is declined leaves its payer the choice of another');

  const bank = await typeCard(context, page, card);
  await statusOf(page, 'requires_action');
  await bank.click('text=Complete');
  await statusOf(page, 'captured');
  await picture(page, 'paid');
  say('  ✓ challenged by the bank, completed, and paid');
  await bank.close();
  seen.push(await page.content());
  seen.push(JSON.stringify(await page.evaluate('[{ ...localStorage }, { ...sessionStorage }, document.cookie]')));
  await page.close();
  return seen;
}

/** In any spelling with which people and software part its digits. */
const holdsNumber = (content: string): boolean => {
  const plain = content.replaceAll(/(?<=\d)[ +_-]|%20(?=\d)/g, '');
  return [card, declinedCard].some((number) => plain.includes(number));
};

/** Light, dark, and as wide as a telephone. */
const photographer =
  (folder: string | undefined) =>
  async (shown: Page, name: string): Promise<void> => {
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    for (const [kind, width, colorScheme] of [
      ['light', 900, 'light'],
      ['dark', 900, 'dark'],
      ['narrow', 390, 'light'],
    ] as const) {
      await shown.setViewportSize({ width, height: 700 });
      await shown.emulateMedia({ colorScheme });
      await shown.screenshot({ path: join(folder, `${name}-${kind}.png`) });
    }
  };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      chromium: { type: 'string', default: '/usr/bin/chromium' },
      screenshots: { type: 'string' },
      'no-synth': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(usage) ?? 0;
  if (!existsSync(values.chromium)) {
    console.error(
      `There is no Chromium at ${values.chromium}. Install one (Debian: apt-get install chromium), or name it with --chromium.`,
    );
    return 2;
  }
  const end = AbortSignal.timeout(limitMs);
  const cloud = await startCloud({ synth: !values['no-synth'], more: [], end, onStep: say });
  let page: Awaited<ReturnType<typeof servePage>> | undefined;
  let browser: Browser | undefined;
  try {
    page = await servePage();
    browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
    const { fragment } = await orderFor(cloud, end);
    const context = await browser.newContext({ colorScheme: 'light', viewport: { width: 900, height: 700 } });
    const picture = photographer(values.screenshots);
    say('A payer, in Chromium:');
    const seen = await pay(context, `${page.url}#${fragment}`, picture);
    must(
      seen.length > 3 && !seen.some(holdsNumber),
      `the card's number is nowhere in the page, its requests, its storage and its log`,
    );
    await browser.close();
    await cloud.end();
    // Compiled code is no record of anything: the processor's own holds the numbers that it publishes for tests.
    const written = globSync('**/*', { cwd: cloud.state, withFileTypes: true })
      .filter((each) => each.isFile() && !each.parentPath.includes('compile-cache'))
      .map((each) => join(each.parentPath, each.name));
    const holding = written.filter((file) => holdsNumber(readFileSync(file, 'latin1')));
    must(
      written.length > 10 && holding.length === 0,
      `nor in any of the ${written.length} files of the local cloud ${holding.join(' ')}`.trim(),
    );
    return 0;
  } finally {
    await browser?.close();
    page?.stop();
    await cloud.stop();
  }
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
