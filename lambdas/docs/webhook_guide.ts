// What receivers of webhooks need: how to accept deliveries and verify their signatures, when they are retried, in which order
// they come, and what disables an endpoint. Every number is read from the contract.

import { challengeType } from '../../contract/webhooks/challenge.ts';
import { endpointUrlLimits } from '../../contract/webhooks/endpoint_url.ts';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import type { Document } from './document.ts';
import { html, type Markup } from './html.ts';

const units = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit that needs no fraction. */
const span = (ms: number): string => {
  const [unit, size] = units.find(([, each]) => ms % each === 0 && ms >= each) ?? ['ms', 1];
  return `${ms / size} ${unit}`;
};

const days = (ms: number): number => ms / 86_400_000;

const header = ({ components }: Document, name: string): Markup => {
  const found = components.parameters[name];
  return html`<code>${found?.name ?? name}</code>`;
};

const accept = html`
<p><a href="#createWebhookEndpoint">Make an endpoint</a>, and events of its mode are sent to it as <code>POST</code>, JSON in UTF-8: exactly what <a href="#getEvent">reading the event</a> shows (<a href="#event-catalogue">the catalogue</a>). The address is public, https, on port ${endpointUrlLimits.ports.join(' or ')}, with a certificate that a public authority vouches for; private addresses are never called, whatever a name resolves to, and redirects are not followed.</p>
<ul>
<li>Answer with any 2xx within ${span(limits.attemptMs)}: keep the event first, work afterwards. Anything else is attempted again.</li>
<li>An event may come more than once. Its id is the same each time: let what is done about it happen once.</li>
<li>Types are added: answer those that you do not know with 2xx as well, or <a href="#updateWebhookEndpoint">do not ask for them</a>.</li>
<li>Try it, once the address is verified: <a href="#testWebhookEndpoint">send a test event</a>.</li>
</ul>`;

const consent = html`
<h3 id="verification">Answer the challenge</h3>
<p>A new endpoint is <code>pending_verification</code>, and so is one whose <code>url</code> changes: nobody’s server gets our requests because somebody else named it. We send one <code>POST</code>, signed like an event, of type <code>${challengeType}</code>. Answer with 2xx and the text in <code>data.challenge</code>, as JSON <code>{"challenge":"…"}</code> or alone, and the endpoint is <code>enabled</code> (<a href="#event-webhook_endpoint.verified">webhook_endpoint.verified</a>).</p>
<pre>const event = await webhooks.verify(rawBody, request.headers, webhookSecret);
const answer = webhooks.challengeAnswer(event);
if (answer) return Response.json(answer);</pre>
<p>Until then events are <code>parked</code>, and sent when the address is verified; none is dropped. A challenge is sent at once and, while none is answered, again after ${limits.challengeOffsetsMs.map(span).join(', ')}; <code>verification_failure</code> says why the last one failed. After that <a href="#verifyWebhookEndpoint">ask for another round</a>, at most once in ${span(limits.verificationPauseMs)}. A tenant begins at most ${limits.verifications} rounds at once, and one more every ${span(limits.verificationRefillMs)}.</p>`;

const verify = (document: Document): Markup => html`
<h3 id="signatures">Verify every one</h3>
<p>Anybody can send to your address. Each delivery is therefore signed with HMAC-SHA256 under the endpoint’s secret, in two schemes of which you check one:</p>
<div class="scroll"><table><thead><tr><th></th><th>Standard Webhooks</th><th>As Stripe’s libraries verify</th></tr></thead><tbody>
<tr><td>Headers</td><td>${header(document, 'WebhookId')}, ${header(document, 'WebhookTimestamp')}, ${header(document, 'WebhookSignature')}</td><td>${header(document, 'StrongroomSignature')}</td></tr>
<tr><td>Form</td><td><code>v1,…</code> in base64, several separated by spaces</td><td><code>t=…,v1=…</code> in hex, several separated by commas</td></tr>
<tr><td>Signed text</td><td><code>&lt;webhook-id&gt;.&lt;webhook-timestamp&gt;.&lt;body&gt;</code></td><td><code>&lt;t&gt;.&lt;body&gt;</code></td></tr>
<tr><td>Key</td><td>the bytes that the base64 after <code>whsec_</code> stands for</td><td>the whole text of the secret, <code>whsec_</code> included</td></tr>
</tbody></table></div>
<pre>import { webhooks } from '@strongroom/sdk';

// rawBody: what arrived, byte for byte. Throws where the signature, or its time, is not right.
const event = await webhooks.verify(rawBody, request.headers, webhookSecret);</pre>
<p>Without a library: take the body as it arrived, before anything parses it; make the signature; compare it in constant time with each that was sent, one match is enough; refuse a time that is more than 5 minutes from now. The libraries of Standard Webhooks do this for the first scheme, Stripe’s for the second. The headers of this reference’s examples are real: <a href="openapi.json">openapi.json</a> has the secret that makes them.</p>
<p><a href="#rotateWebhookSecret">Rotating the secret</a> makes a new one; for ${span(limits.secretOverlapMs)} the old one signs as well, so that you can change over in your own time.</p>`;

const attempts: readonly string[] = ['at once', ...limits.retryOffsetsMs.map((ms) => `${span(ms)} after the first`)];

const repeat = html`
<h3 id="retries">When it is attempted again</h3>
<div class="scroll"><table><thead><tr><th>Attempt</th><th>When</th></tr></thead><tbody>${attempts.map(
  (when, index) => html`<tr><td>${index + 1}</td><td>${when}</td></tr>`,
)}</tbody></table></div>
<p>Each comes later by up to ${limits.retryJitterShare * 100} % of that time, so that what failed together does not return together. A <code>Retry-After</code> of up to ${span(limits.retryAfterMaxMs)} is honoured. An endpoint that did not answer ${limits.timeoutsToOpenCircuit} times in a row is left alone for ${span(limits.circuitOpenMinMs)}, then for longer, up to ${span(limits.circuitOpenMaxMs)}.</p>
<p>After the last attempt the delivery is <code>failed</code>, which is an event of its own (<a href="#event-delivery.failed">delivery.failed</a>); nothing is dropped in silence. Deliveries can be <a href="#listDeliveries">read with every attempt</a> and <a href="#retryDelivery">attempted anew</a> up to ${limits.manualRetries} times in ${limits.deliveryRetentionDays} days. How a delivery of a <code>delivery.…</code> event fared is no event again.</p>
<p>The events of any window of the last ${days(limits.replayWindowMs)} days can be <a href="#replayEvents">delivered again</a>. One replay of an endpoint runs at a time, and examines up to ${limits.replayEvents.toLocaleString('en')} events, ${(limits.eventsPerStep * 1000) / limits.replayPauseMs} a second at most; <a href="#getReplay">reading it</a> shows how far it is, and where the next one goes on.</p>`;

const order = html`
<h3 id="order">In which order</h3>
<p>Events about one object, such as a payment with its captures and refunds, are sent in the order of their <code>sequence</code>: each when the one before it was taken, or has failed for good, or was skipped. Gaps are events that the endpoint does not ask for. A delivery that waits is <code>blocked</code>, and its <code>blocked_by</code> names the one that holds it up, which can be retried or <a href="#skipDelivery">skipped</a>. Events about different objects wait for nothing. An endpoint with <code>"ordering": "none"</code> gets each event as soon as it can; then compare <code>sequence</code> yourself.</p>`;

const alerts = limits.rejectionAlertPercents.filter((percent) => percent < 100);

const ending = html`
<h3 id="disabled">What disables an endpoint</h3>
<ul>
<li>The answer <code>410</code>, at once.</li>
<li>${limits.rejectionsToDisable} answers of 4xx in a row (<code>408</code>, <code>425</code> and <code>429</code> do not count). At ${alerts.join(', ')} % of them the event <a href="#event-webhook_endpoint.failing">webhook_endpoint.failing</a> tells, at the end <a href="#event-webhook_endpoint.disabled">webhook_endpoint.disabled</a>.</li>
<li>You: <code>"status": "disabled"</code>.</li>
</ul>
<p>Answers of 5xx and silence never do. An endpoint is sent nothing about itself but its tests and challenges: let another endpoint take <code>webhook_endpoint.*</code> and <code>delivery.*</code>. While an endpoint is disabled, or not verified, its deliveries are <code>parked</code>; <a href="#updateWebhookEndpoint">enabling it</a> resumes them, in their order.</p>`;

export const webhooks = (document: Document): Markup =>
  html`${accept}${consent}${verify(document)}${repeat}${order}${ending}`;
