// The chapter on customers: one pays with a saved method and is then deleted, while the payment stays.

import { dataOf, paymentFields, type Tour, text } from './steps.ts';
import type { Sent } from './wire.ts';

const customerFields = ['id', 'name', 'email', 'status', 'code'];

export async function showCustomer(day: Tour): Promise<void> {
  const as = day.owner;
  day.chapter('A customer who is remembered, and forgotten');
  const body = { name: 'Irene Adler', email: 'irene@example.com' };
  const customer = await day.send(
    { method: 'POST', path: '/v1/customers', as, key: 'irene', body },
    201,
    customerFields,
  );
  const id = text(customer, 'id');
  const at = `/v1/customers/${id}`;
  const found = await day.send({ method: 'GET', path: '/v1/customers?email=IRENE@example.com', as }, 200, ['has_more']);
  const ids = dataOf(found.json).map((each) => each.id);
  day.holds('she is found by her address, in any capitals', ids.join() === id, found.text);

  const card = { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2029 };
  const saving: Sent = {
    method: 'POST',
    path: `${at}/payment_methods`,
    as,
    key: 'irene-1',
    body: { token: 'pm_test_visa', card },
  };
  const method = await day.send(saving, 201, ['id', 'customer', 'created_at']);
  day.holds('the token is not shown', !method.text.includes('pm_test_visa'), method.text);
  const order = { amount: 1999, currency: 'EUR', customer: id, payment_method: text(method, 'id') };
  const payment = await day.send({ method: 'POST', path: '/v1/payments', as, key: 'order-20', body: order }, 201);
  day.holds('the payment is captured', payment.json.status === 'captured', payment.text);
  day.says('A person who reads the tables reads none of this: it is sealed under a key of her own.');

  await day.send({ method: 'DELETE', path: at, as }, 200, customerFields);
  await day.refused({ method: 'GET', path: at, as }, 410, 'customer_deleted');
  await day.refused({ method: 'POST', path: '/v1/customers', as, key: 'irene', body }, 410, 'customer_deleted');
  await day.refused(
    { method: 'POST', path: '/v1/payments', as, key: 'order-21', body: order },
    410,
    'customer_deleted',
  );
  const after = await day.send({ method: 'GET', path: `/v1/payments/${text(payment, 'id')}`, as }, 200, paymentFields);
  day.holds('the payment is what it was', after.text === payment.text, after.text);
  day.says('Her key is destroyed, so nobody can read her data again. The payment stays, and names no person.');
}
