// What a reader needs before the first operation: addresses, keys, retries, lists, limits and errors. Every number is read from
// the contract.

import { type ErrorCode, errors } from '../../contract/capabilities.ts';
import { requestLimits } from '../../contract/kernel/limits.ts';
import { rateShare, requestsPerSecond } from '../../contract/kernel/rates.ts';
import { scopes } from '../../contract/kernel/vocabulary.ts';
import { keyLimits } from '../../contract/tenants/limits.ts';
import type { Document } from './document.ts';
import { html, type Markup } from './html.ts';
import { processors } from './processor_guide.ts';
import { testPaymentMethodTexts } from './test_payment_methods.ts';
import { webhooks } from './webhook_guide.ts';

interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

const hours = keyLimits.rotationOverlapMs / 3_600_000;

const begin = ({ servers: [server] }: Document): Markup => html`
<p>JSON over HTTPS. Each residency zone (${server?.variables.zone?.enum?.join(', ') ?? ''}) has an address of its own, and what lives in a zone never leaves it:</p>
<pre>API=${server?.url ?? ''}
KEY=sk_test_…</pre>
<ul>
<li>Amounts are integers in the currency’s minor unit: <code>1999</code> is EUR 19.99.</li>
<li>Currencies are ISO 4217 in upper case; times are RFC 3339 in UTC.</li>
<li>Unknown fields and parameters are refused, so that a misspelt one cannot go unnoticed.</li>
<li>Card data must never be sent: whatever looks like a card number is refused, and neither stored nor logged.</li>
<li>The whole of this, for machines: <a href="openapi.json">openapi.json</a>.</li>
</ul>`;

const keys = html`
<p>Send your key with every request: <code>Authorization: Bearer sk_test_…</code>. It belongs to one tenant, one mode and one zone, and does what its scopes say: ${scopes.map((scope, at) => html`${at > 0 && ', '}<code>${scope}</code>`)}. A key may be limited to source addresses and in time; rotating it leaves the old one ${hours} hours; revoking it holds from the very next request.</p>
<p>Operators, who run the deployment, have keys of their own (<code>ok_…</code>), which make tenants and move no money.</p>`;

const repeats = html`
<p>Networks lose answers. Every request that creates something therefore carries an <code>Idempotency-Key</code> of up to ${requestLimits.idempotencyKeyChars} characters that you choose, one for each intention. Repeat it as often as you like: the first reply comes back byte for byte, with <code>Idempotent-Replayed: true</code>, and nothing is done twice.</p>
<ul>
<li>Same key, other body: <a href="docs/errors/idempotency_mismatch">idempotency_mismatch</a>.</li>
<li>Still running: <a href="docs/errors/idempotency_in_progress">idempotency_in_progress</a>, with <code>Retry-After</code>.</li>
<li>A refusal is not stored: the same request is decided again.</li>
<li>No answer, or a 5xx: repeat with the same key. That is always safe.</li>
</ul>`;

const lists = html`
<p>Newest first, <code>limit</code> items a page (${requestLimits.pageDefaultItems} unless stated, at most ${requestLimits.pageItems}). While <code>has_more</code> is true, <code>next_cursor</code> leads to the next page; it is opaque.</p>`;

const limits = html`
<p>Bodies hold at most ${requestLimits.bodyBytes / 1024} KiB and ${requestLimits.jsonDepth} levels. Each tenant may send, sustained:</p>
<div class="scroll"><table><thead><tr><th>Requests a second</th><th>live</th><th>test</th></tr></thead><tbody>${Object.entries(
  requestsPerSecond,
).map(
  ([name, perSecond]) =>
    html`<tr><td>${name}</td><td>${(perSecond * rateShare.live).toLocaleString('en-US')}</td><td>${perSecond * rateShare.test}</td></tr>`,
)}</tbody></table></div>
<p>Beyond that: <a href="docs/errors/rate_limited">rate_limited</a>, with <code>Retry-After</code>.</p>`;

const methods = html`
<p>In test mode the payment method decides what happens:</p>
<div class="scroll"><table><thead><tr><th>Payment method</th><th>What it does</th></tr></thead><tbody>${Object.entries(
  testPaymentMethodTexts,
).map(([method, does]) => html`<tr><td><code>${method}</code></td><td>${does}</td></tr>`)}</tbody></table></div>`;

const problems = html`
<p>What is not a success is a problem (RFC 9457, <code>application/problem+json</code>). Tell them apart by <code>code</code>, which never changes; name the <code>request_id</code> when you ask us. What belongs to somebody else looks exactly like what does not exist.</p>
<div class="scroll"><table><thead><tr><th>Status</th><th>Code</th><th>Meaning</th></tr></thead><tbody>${(
  Object.keys(errors) as ErrorCode[]
)
  .toSorted((a, b) => errors[a].status - errors[b].status)
  .map(
    (code) =>
      html`<tr><td><span class="status">${errors[code].status}</span></td><td><a href="docs/errors/${code}"><code>${code}</code></a></td><td>${errors[code].title}</td></tr>`,
  )}</tbody></table></div>`;

export const chapters = (document: Document): Chapter[] => [
  { id: 'begin', title: 'Begin', content: begin(document) },
  { id: 'keys-and-scopes', title: 'Keys and scopes', content: keys },
  { id: 'repeats', title: 'Repeats', content: repeats },
  { id: 'lists', title: 'Lists', content: lists },
  { id: 'limits', title: 'Limits', content: limits },
  { id: 'webhooks', title: 'Webhooks', content: webhooks(document) },
  { id: 'processors', title: 'Processors', content: processors },
  { id: 'test-mode', title: 'Test mode', content: methods },
  { id: 'errors', title: 'Errors', content: problems },
];
