// A shop's checkout page: all that it holds is a publishable key and the secret of one payment, which its own server gave it in
// the address's fragment (a fragment is sent to nobody). The payer pays in the processor's own fields; this page asks what came of it.

const { api, key, payment, secret } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
history.replaceState(null, '', location.pathname);

const amount = document.querySelector('#amount');
const status = document.querySelector('#status');
const pay = document.querySelector('#pay');

/** Of each status what its payer reads. */
const words = {
  processing: 'One moment',
  requires_payment_method: 'Ready when you are',
  requires_action: 'Your bank wants to see you: go on in the other window',
  requires_approval: 'Your payment is being looked at',
  pending: 'Your payment is on its way',
  authorized: 'Paid. Thank you!',
  captured: 'Paid. Thank you!',
  failed: 'That did not work, and nothing was charged',
  canceled: 'This payment was canceled',
  expired: 'The time for this payment is over',
};
const isOver = (each) => ['authorized', 'captured', 'failed', 'canceled', 'expired'].includes(each.status);
const lookEveryMs = 1_000;

async function ask(method, path) {
  const response = await fetch(`${api}/v1/payments/${payment}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      'Strongroom-Client-Secret': secret,
      ...(method === 'POST' && { 'Content-Type': 'application/json' }),
    },
    ...(method === 'POST' && { body: '{}' }),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

/** Shown in the payer's own way; amounts are in the currency's minor unit. */
function moneyOf({ amount: minor, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

function show(now) {
  amount.textContent = moneyOf(now);
  const declined = now.status === 'requires_payment_method' && now.last_error !== null;
  status.textContent = declined ? `${now.last_error.message} Try another card.` : (words[now.status] ?? now.status);
  document.body.dataset.status = now.status;
  pay.hidden = now.status !== 'requires_payment_method';
}

/** Until it is over; a look that fails is made again. */
async function follow() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const now = await ask('POST', '/confirm').catch(() => null);
    if (now === null) continue;
    show(now);
    if (isOver(now)) return;
  }
}

try {
  const first = await ask('GET', '');
  show(first);
  pay.addEventListener('click', () => open(first.client.url, '_blank', 'noopener'));
  if (!isOver(first)) await follow();
} catch {
  status.textContent = 'This payment can’t be found';
}
