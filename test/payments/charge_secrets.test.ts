// What only the sending of a charge needs lies sealed in its payment, and is opened for nothing else.

import { expect, it } from 'vitest';
import { orderToSend, sealSending } from '../../lambdas/payments/charge_secrets.ts';
import { orderOf } from '../../lambdas/payments/domain/operation.ts';
import { ringInMemory } from '../kernel/crypto/ring.ts';
import { authorized, processing, requested } from './given.ts';

const ring = ringInMemory('tenant');
const payment = processing();
const { tenant, mode, id: item } = payment;
const place = { tenant, mode, purpose: 'sending', table: 'payments', item, field: 'sending' } as const;

it.each([
  { return_url: 'https://shop.example/zoe' },
  { token: 'pm_1' },
  { return_url: 'https://x.example', token: 'pm_1' },
])('[ENC-2] %o is sealed in its place and goes into the order, and nothing else changes there', async (told) => {
  const sending = await sealSending(ring, payment, told);
  if (sending === undefined) throw new Error('nothing was sealed');
  expect(JSON.parse(await ring.open(sending, place))).toEqual(told);
  const plain = orderOf({ payment, modification: null });
  const { return_url = null, token = plain.payment_method } = told as { return_url?: string; token?: string };
  const order = await orderToSend(ring, { payment: { ...payment, sending }, modification: null });
  expect(order).toEqual({ ...plain, return_url, payment_method: token });
});

it('where there is nothing to keep nothing is sealed', async () => {
  expect(await sealSending(ring, payment, {})).toBeUndefined();
  expect(await orderToSend(ring, { payment, modification: null })).toEqual(orderOf({ payment, modification: null }));
});

it('is opened for a charge alone', async () => {
  const part = requested({ ...authorized(), sending: new Uint8Array([1]) }, 'capture', 400);
  expect(await orderToSend(ring, part)).toEqual(orderOf(part));
});

it('[ENC-2] of another form is a defect, and of another payment does not open', async () => {
  const wrong = { ...payment, sending: await ring.seal('{"token":7}', place) };
  await expect(orderToSend(ring, { payment: wrong, modification: null })).rejects.toThrow(
    'what a charge is sent with has not its form',
  );
  const moved = { ...payment, sending: await sealSending(ring, { ...payment, id: 'pay_other' }, { token: 'pm_1' }) };
  await expect(orderToSend(ring, { payment: moved, modification: null })).rejects.toMatchObject({ name: 'Unopenable' });
});
