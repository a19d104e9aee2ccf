// What the test processor answers to which request, without HTTP: the server (server.ts) calls it for requests over HTTP, and
// a test may call it in memory.
//
//   GET  /                                     {name, key_lifetime_ms}
//   POST /charges                              Idempotency-Key; {reference, id, amount, currency, payment_method, capture}
//   POST /charges/{id}/captures|refunds|voids  Idempotency-Key; {reference, id, amount}
//   GET  /charges?reference= | ?limit=&after=  {data, has_more, requests_running}: charges that exist; those of one
//                                              reference in their order, all of them latest first
//   GET  /declines?reference= | ?limit=&after= {data, has_more}: charges that were declined
//   POST /charges/{id}/approve|reject          decides a review; GET /reviews is the page for people
//   POST /actions/{id}/complete|fail           decides a challenge; GET /actions/{id} is the page for the payer
//   POST /fields/{id}                          {payment_method}: the payer's choice, or a form's number of a test card, which is
//                                              kept nowhere; GET /fields/{id} is the page with the fields
//   POST /webhook_endpoints                    {url, secret, references}: from now on the url receives signed webhooks of
//                                              what happens to charges whose reference begins so (webhooks.ts)
//
// `reference` is the merchant's payment, `id` in a body the merchant's object that asks (`order` in answers).
// 201 charge or modification; 402 card_declined; 400, 404, 422, 429, 503 with `"charged": false`: nothing moved and
// nothing will under this key. 422 idempotency_key_reused, 409 key_in_use and 5xx promise nothing.
// `requests_running` counts requests for the reference that may still charge: while it is not 0, absence proves nothing.

import * as v from 'valibot';
import { type Answer, failure, html, json, seeOther } from './answer.ts';
import type { ModificationKind } from './entry.ts';
import { type Charge, isBegunWithout, statusOf } from './money.ts';
import { ChargeOrder, ModificationOrder } from './orders.ts';
import { actionPage, fieldsPage, reviewsPage } from './pages.ts';
import type { TestProcessor } from './processor.ts';
import { methodOfNumber } from './script.ts';
import { signerOf } from './signature.ts';
import { bounds } from './timing.ts';
import { chargeView, declineView, errorView } from './views.ts';
import { EndpointRequest } from './webhooks.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Idempotency-Key. */
  readonly key: string | undefined;
  /** People get their page back, programs JSON. */
  readonly person: boolean;
  /** Null: longer than the bound. */
  body(): Promise<string | null>;
}

interface Call {
  readonly processor: TestProcessor;
  readonly asked: Asked;
  readonly query: URLSearchParams;
  readonly params: readonly string[];
  readonly keyLifetimeMs: number;
}

type Route = readonly [method: 'GET' | 'POST', path: RegExp, serve: (call: Call) => Promise<Answer>];

const kinds: Readonly<Record<string, ModificationKind>> = { captures: 'capture', refunds: 'refund', voids: 'void' };

const routes: readonly Route[] = [
  ['GET', /^\/$/, async (call) => json(200, { name: 'test processor', key_lifetime_ms: call.keyLifetimeMs })],
  ['POST', /^\/charges$/, (call) => ordered(call, ChargeOrder, (key, order) => call.processor.charge(key, order))],
  [
    'POST',
    /^\/charges\/(\w+)\/(captures|refunds|voids)$/,
    (call) =>
      ordered(call, ModificationOrder, async (key, order) => {
        const [charge = '', path = ''] = call.params;
        const kind = kinds[path];
        return kind === undefined ? failure(404, 'not_found') : call.processor.modify(key, charge, kind, order);
      }),
  ],
  ['GET', /^\/charges$/, (call) => listed(call, (charge, now) => statusOf(charge, now) !== 'declined', chargeView)],
  ['GET', /^\/declines$/, (call) => listed(call, (charge, now) => statusOf(charge, now) === 'declined', declineView)],
  ['POST', /^\/charges\/(\w+)\/approve$/, (call) => settled(call, 'in_review', null)],
  ['POST', /^\/charges\/(\w+)\/reject$/, (call) => settled(call, 'in_review', 'review_rejected')],
  ['POST', /^\/actions\/(\w+)\/complete$/, (call) => settled(call, 'requires_action', null)],
  ['POST', /^\/actions\/(\w+)\/fail$/, (call) => settled(call, 'requires_action', 'authentication_failed')],
  ['POST', /^\/fields\/(\w+)$/, chosen],
  ['POST', /^\/webhook_endpoints$/, endpointAdded],
  [
    'GET',
    /^\/reviews$/,
    async (call) => html(reviewsPage((await call.processor.reviews()).slice(0, bounds.pageItems))),
  ],
  [
    'GET',
    /^\/fields\/(\w+)$/,
    (call) =>
      call.processor.durably((book, now) => {
        const charge = book.charge(call.params[0] ?? '');
        const begunWithout = charge !== undefined && isBegunWithout(charge);
        return begunWithout ? html(fieldsPage(charge, now)) : failure(404, 'not_found');
      }),
  ],
  [
    'GET',
    /^\/actions\/(\w+)$/,
    (call) =>
      call.processor.durably((book, now) => {
        const charge = book.charge(call.params[0] ?? '');
        const challenged = charge?.outcome === 'requires_action';
        return challenged ? html(actionPage(charge, now)) : failure(404, 'not_found');
      }),
  ],
];

export async function answer(processor: TestProcessor, keyLifetimeMs: number, asked: Asked): Promise<Answer> {
  const url = URL.parse(asked.url, 'http://127.0.0.1');
  if (url === null) return failure(400, 'invalid_request');
  for (const [method, path, serve] of routes) {
    const match = method === asked.method ? path.exec(url.pathname) : null;
    if (match === null) continue;
    return serve({ processor, asked, query: url.searchParams, params: match.slice(1), keyLifetimeMs });
  }
  return failure(404, 'not_found');
}

/** A POST that may move money: demands a key and a body that fits, before anything is remembered. */
async function ordered<Schema extends v.GenericSchema>(
  call: Call,
  schema: Schema,
  serve: (key: string, order: v.InferOutput<Schema>) => Promise<Answer>,
): Promise<Answer> {
  const { key } = call.asked;
  const text = await call.asked.body();
  if (text === null) return json(413, errorView('body_too_large', { charged: false }));
  const fits = key !== undefined && key.length > 0 && key.length <= bounds.keyChars;
  if (!fits) return json(400, errorView('idempotency_key_required', { charged: false }));
  const parsed = v.safeParse(schema, parseJson(text));
  return parsed.success ? serve(key, parsed.output) : json(400, errorView('invalid_request', { charged: false }));
}

/** To be called again after each start of the processor, which forgets its endpoints; the secret is never shown. */
async function endpointAdded(call: Call): Promise<Answer> {
  const parsed = v.safeParse(EndpointRequest, parseJson((await call.asked.body()) ?? ''));
  const { webhooks, book } = call.processor;
  if (!parsed.success || webhooks === null) return failure(400, 'invalid_request');
  const { url, references, secret } = parsed.output;
  const added = webhooks.add({ url, references, sign: signerOf(secret) }, book.latest());
  return added ? json(201, { url, references }) : failure(422, 'endpoint_refused');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function listed(
  call: Call,
  wanted: (charge: Charge, now: number) => boolean,
  view: (charge: Charge, now: number) => unknown,
): Promise<Answer> {
  const reference = call.query.get('reference');
  const limit = pageItems(call.query.get('limit'), reference);
  if (limit === null) return failure(400, 'invalid_request');
  const body = await call.processor.durably((book, now) => {
    const found = (reference === null ? book.latest() : book.byReference(reference)).filter((each) =>
      wanted(each, now),
    );
    // An unknown cursor shows the first page: -1 + 1.
    const start = found.findIndex(({ id }) => id === call.query.get('after')) + 1;
    const data = found.slice(start, start + limit).map((charge) => view(charge, now));
    const running = reference === null ? 0 : call.processor.keys.running(reference);
    return { data, has_more: found.length > start + limit, requests_running: running };
  });
  return json(200, body);
}

function pageItems(limit: string | null, reference: string | null): number | null {
  if (limit === null) return reference === null ? bounds.pageDefaultItems : bounds.pageItems;
  const items = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  return items >= 1 && items <= bounds.pageItems ? items : null;
}

/** From a page's form or a program's JSON. */
async function chosen(call: Call): Promise<Answer> {
  const id = call.params[0] ?? '';
  const text = (await call.asked.body()) ?? '';
  const form = new URLSearchParams(text);
  const typed = form.get('number');
  const chosen = typed === null ? form.get('payment_method') : (methodOfNumber(typed) ?? 'pm_test_declined');
  const parsed = v.safeParse(v.object({ payment_method: v.string() }), parseJson(text) ?? { payment_method: chosen });
  const charge = parsed.success ? await call.processor.choose(id, parsed.output.payment_method) : null;
  if (charge === null) return failure(409, 'charge_not_requires_payment_method');
  if (!call.asked.person) return json(200, chargeView(charge, call.processor.now()));
  return seeOther(charge.outcome === 'requires_action' ? `/actions/${id}` : `/fields/${id}`);
}

async function settled(call: Call, from: 'requires_action' | 'in_review', declineCode: string | null): Promise<Answer> {
  const id = call.params[0] ?? '';
  const charge = await call.processor.settle(id, from, declineCode);
  if (charge === null) return failure(409, `charge_not_${from}`);
  if (call.asked.person) return seeOther(from === 'in_review' ? '/reviews' : `/actions/${id}`);
  return json(200, chargeView(charge, call.processor.now()));
}
