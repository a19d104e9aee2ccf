// The pages that people see: a payer's fields and challenge, and the review queue. They show only escaped text, load nothing
// from elsewhere and run no script.

import { createHash } from 'node:crypto';
import { type Charge, statusOf } from './money.ts';
import { scriptedPaymentMethods } from './script.ts';

const style =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}' +
  'form{display:inline}button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}td,th{text-align:left;padding:.25rem 1rem .25rem 0}';

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
} as const;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1>${content}</main></body></html>\n`;

const button = (action: string, label: string): string =>
  `<form method="post" action="${escaped(action)}"><button>${label}</button></form>`;

const amount = (charge: Charge): string => escaped(`${charge.amount} ${charge.currency} (minor units)`);

export function actionPage(charge: Charge, now: number): string {
  if (statusOf(charge, now) !== 'requires_action') {
    const passed = statusOf(charge, now) === 'approved';
    return page(
      'Test challenge',
      `<p>The challenge was ${passed ? 'completed' : 'failed'}. You can close this page.</p>`,
    );
  }
  const path = `/actions/${charge.id}`;
  return page(
    'Test challenge',
    `<p>Your bank asks whether you want to pay ${amount(charge)}. No real money moves.</p>` +
      `<p>${button(`${path}/complete`, 'Complete')}${button(`${path}/fail`, 'Fail')}</p>`,
  );
}

export function fieldsPage(charge: Charge, now: number): string {
  if (statusOf(charge, now) !== 'requires_payment_method') {
    return page('Test payment', '<p>This payment waits for nothing here. You can close this page.</p>');
  }
  const declined = charge.attempts.length > 0 ? '<p>That was declined. Choose another payment method.</p>' : '';
  const options = scriptedPaymentMethods.map((each) => `<option>${escaped(each)}</option>`).join('');
  return page(
    'Test payment',
    `${declined}<p>You pay ${amount(charge)}. No real money moves.</p>` +
      `<form method="post" action="${escaped(`/fields/${charge.id}`)}">` +
      '<label>Card number <input name="number" inputmode="numeric" autocomplete="cc-number" maxlength="23" required></label> ' +
      '<button>Pay</button></form>' +
      '<p>4242 4242 4242 4242 is approved, 4000 0025 0000 3155 asks for the payer, 4000 0000 0000 0002 is declined.</p>' +
      `<form method="post" action="${escaped(`/fields/${charge.id}`)}">` +
      `<select name="payment_method" aria-label="Payment method">${options}</select> <button>Pay</button></form>`,
  );
}

export function reviewsPage(charges: readonly Charge[]): string {
  const row = (charge: Charge): string =>
    `<tr><td>${escaped(charge.reference)}</td><td>${amount(charge)}</td><td>` +
    `${button(`/charges/${charge.id}/approve`, 'Approve')}${button(`/charges/${charge.id}/reject`, 'Reject')}</td></tr>`;
  const table = `<table><thead><tr><th>Payment</th><th>Amount</th><th>Decision</th></tr></thead><tbody>${charges.map(row).join('')}</tbody></table>`;
  return page('Test reviews', charges.length === 0 ? '<p>Nothing waits for a review.</p>' : table);
}
