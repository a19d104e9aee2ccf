// What an engineer needs to connect a payment processor: in which order to configure the two sides, which notifications the
// processor has to send, and what follows from them. Every number is read from the contract.

import { connectionLimits } from '../../contract/connections/limits.ts';
import { slo } from '../../contract/kernel/slo.ts';
import { ingressLimits, processorEventLimits } from '../../contract/processor_events/limits.ts';
import { html, type Markup } from './html.ts';

/** The notifications that each processor has to send. test/docs compares them with those that the adapters read. */
export const eventsToSend = {
  stripe: [
    'payment_intent.succeeded',
    'payment_intent.amount_capturable_updated',
    'payment_intent.processing',
    'payment_intent.requires_action',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
    'refund.created',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.dispute.closed',
  ],
  adyen: [
    'AUTHORISATION',
    'PENDING',
    'CAPTURE',
    'CAPTURE_FAILED',
    'REFUND',
    'REFUND_FAILED',
    'REFUNDED_REVERSED',
    'CANCELLATION',
    'CANCEL_OR_REFUND',
    'TECHNICAL_CANCEL',
    'EXPIRE',
    'OFFER_CLOSED',
    'REQUEST_FOR_INFORMATION',
    'NOTIFICATION_OF_CHARGEBACK',
    'CHARGEBACK',
    'DISPUTE_DEFENSE_PERIOD_ENDED',
    'CHARGEBACK_REVERSED',
    'ISSUER_RESPONSE_TIMEFRAME_EXPIRED',
    'PREARBITRATION_OPEN',
    'PREARBITRATION_DECLINED',
    'PREARBITRATION_ISSUER_WITHDRAWN',
    'PREARBITRATION_ACCEPTED',
    'PREARBITRATION_WON',
    'PREARBITRATION_LOST',
    'SECOND_CHARGEBACK',
    'SCHEME_ARBITRATION',
    'SCHEME_ARBITRATION_WON',
    'SCHEME_ARBITRATION_LOST',
  ],
} as const;

const hour = 3_600_000;
const waitedHours = Math.max(...processorEventLimits.retryOffsetsMs) / hour;

const listed = (events: readonly string[]): Markup =>
  html`${events.map((event, at) => html`${at > 0 && ', '}<code>${event}</code>`)}`;

const connect = html`
<p>What becomes of a payment is often known later than its request ends: a transfer arrives, a refund fails, a payer disputes. Processors tell it by webhooks of their own, to an address that belongs to your connection alone. Each mode has connections of its own, ${connectionLimits.connections} at most.</p>
<ol>
<li>Make the webhook at the processor, with any https address for now: its secret is part of the connection.</li>
<li><a href="#createConnection">Make the connection</a> with your credentials and that secret. They are sealed at once, and shown in no answer, log or export. <a href="#deleteConnection">Deleting</a> the connection stops it at once, and destroys them ${connectionLimits.credentialRetentionDays} days later: until then they serve the payments that it took.</li>
<li>At the processor replace the address by <code>ingress_url</code> of the reply, and let it send a test.</li>
<li><a href="#createPayment">Pay through it</a>: <code>connection</code> names it, <code>payment_method</code> is a token of the processor, and <code>return_url</code> says where payers come back to. Captures, refunds and voids follow their payment.</li>
</ol>
<div class="scroll"><table><thead><tr><th></th><th>Stripe</th><th>Adyen</th></tr></thead><tbody>
<tr><td>Where</td><td>Workbench, Webhooks: an event destination with snapshot payloads</td><td>Developers, Webhooks: a standard webhook, JSON, with HMAC</td></tr>
<tr><td>Its secret</td><td>the signing secret <code>whsec_…</code>: <code>webhook_secret</code></td><td>the HMAC key: <code>hmac_key</code></td></tr>
<tr><td>Tells</td><td>${listed(eventsToSend.stripe)}</td><td>${listed(eventsToSend.adyen)}</td></tr>
</tbody></table></div>
<p>Whatever else it tells is taken and ignored. For the processor of test mode send <code>{"provider": "test"}</code>: its secret is made here and shown once; who runs the deployment tells that processor of both.</p>`;

const notifications = html`
<h3 id="notifications">What becomes of what it tells</h3>
<ul>
<li>The signature is verified over the bytes that came, before any is read. What is not signed, not with this secret, or too long ago is <a href="docs/errors/signature_invalid">refused</a>, and stands in your audit trail, once a minute for each reason.</li>
<li>It is kept byte for byte with its signature, sealed, for ${ingressLimits.eventRetentionDays} days: whoever has the secret can verify it again. Bodies hold at most ${ingressLimits.bodyBytes / 1024} KiB.</li>
<li>It is answered when it is stored, within ${slo.ingress.p99Ms} ms for 99 of 100, and applied after that. A repeated notification is answered alike and changes nothing; what comes late or out of order cannot undo what came before.</li>
<li>It settles the payment, capture, refund or void as if the answer had come at once: the same <a href="#event-catalogue">events</a> follow, and <a href="#event-payment.disputed">payment.disputed</a> and <a href="#event-payment.released">payment.released</a>, which nobody asks for.</li>
<li>What names a payment that is not known yet is looked at again for ${waitedHours} hours. What it tells of a payment that was not taken through this connection settles nothing.</li>
</ul>`;

export const processors = html`${connect}${notifications}`;
