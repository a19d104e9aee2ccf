// What only the sending of a charge needs lies sealed in its payment, and is opened for nothing else.

import { expect, it } from 'vitest';
import { orderWithSecrets, sealChargeSecrets } from '../../lambdas/payments/charge_secrets.ts';
import { toOrder } from '../../lambdas/payments/domain/operation.ts';
import { memoryKeyring } from '../kit/aws/memory_keyring.ts';
import { authorized, processing, requested } from './payment_states.ts';

const keyring = memoryKeyring('tenant');
const payment = processing();
const { tenant, mode, id: item } = payment;
const place = { tenant, mode, purpose: 'charge_secrets', table: 'payments', item, field: 'charge_secrets' } as const;

it.each([
  { return_url: 'https://shop.example/zoe' },
  { token: 'pm_1' },
  { return_url: 'https://x.example', token: 'pm_1' },
])('[ENC-2] %o is sealed in its place and goes into the order, and nothing else changes there', async (secrets) => {
  const charge_secrets = await sealChargeSecrets(keyring, payment, secrets);
  if (charge_secrets === undefined) throw new Error('nothing was sealed');
  expect(JSON.parse(await keyring.open(charge_secrets, place))).toEqual(secrets);
  const plain = toOrder({ payment, modification: null });
  const { return_url = null, token = plain.payment_method } = secrets as { return_url?: string; token?: string };
  const order = await orderWithSecrets(keyring, { payment: { ...payment, charge_secrets }, modification: null });
  expect(order).toEqual({ ...plain, return_url, payment_method: token });
});

it('where there is nothing to keep nothing is sealed', async () => {
  expect(await sealChargeSecrets(keyring, payment, {})).toBeUndefined();
  expect(await orderWithSecrets(keyring, { payment, modification: null })).toEqual(
    toOrder({ payment, modification: null }),
  );
});

it('is opened for a charge alone', async () => {
  const part = requested({ ...authorized(), charge_secrets: new Uint8Array([1]) }, 'capture', 400);
  expect(await orderWithSecrets(keyring, part)).toEqual(toOrder(part));
});

it('[ENC-2] of another form is a defect, and of another payment does not open', async () => {
  const wrong = { ...payment, charge_secrets: await keyring.seal('{"token":7}', place) };
  await expect(orderWithSecrets(keyring, { payment: wrong, modification: null })).rejects.toThrow(
    'what a charge is sent with has not its form',
  );
  const moved = {
    ...payment,
    charge_secrets: await sealChargeSecrets(keyring, { ...payment, id: 'pay_other' }, { token: 'pm_1' }),
  };
  await expect(orderWithSecrets(keyring, { payment: moved, modification: null })).rejects.toMatchObject({
    name: 'DecryptionError',
  });
});
