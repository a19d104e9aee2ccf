// What merchants write in their own words: sealed in the row of its object, and nowhere else to be opened.

import { expect, it } from 'vitest';
import {
  changedFields,
  type Owner,
  sealFields,
  withOpenEventFields,
  withOpenFields,
} from '../../../lambdas/kernel/crypto/sealed_fields.ts';
import type { Sealed } from '../../../lambdas/kernel/domain/sealed_text.ts';
import { memoryKeyring } from '../../kit/aws/memory_keyring.ts';

const keyring = memoryKeyring('tenant');

const owned = { tenant: 'ten_1', mode: 'test' } as const;
const payment = { object: 'payment', id: 'pay_1', ...owned } as const;
const texts = { description: 'For Zoë', metadata: { order: '7' } };
const tables = {
  tenant: 'tenants',
  payment: 'payments',
  capture: 'payments',
  refund: 'payments',
  void: 'payments',
  webhook_endpoint: 'webhooks',
  connection: 'providers',
} as const;

it.each(Object.entries(tables))('[ENC-2] of a %s lie sealed in its row in %s', async (object, table) => {
  const isTenant = object === 'tenant';
  const owner = (isTenant ? { object, id: 'ten_1' } : { object, id: 'id_1', ...owned }) as Owner;
  const sealedFields = await sealFields(keyring, owner, texts);
  const context = {
    tenant: 'ten_1',
    mode: isTenant ? null : owned.mode,
    purpose: 'sealed_fields',
    table,
    field: 'sealed_fields',
  } as const;
  expect(JSON.parse(await keyring.open(sealedFields, { ...context, item: owner.id }))).toEqual(texts);
  expect(await withOpenFields({ ...owner, sealed_fields: sealedFields }, keyring)).toEqual({
    ...owner,
    sealed_fields: sealedFields,
    ...texts,
  });
  const elsewhere = isTenant
    ? { ...owner, id: 'ten_2', sealed_fields: sealedFields }
    : { ...owner, id: 'id_2', sealed_fields: sealedFields };
  await expect(withOpenFields(elsewhere, keyring)).rejects.toMatchObject({ name: 'DecryptionError' });
});

it('where there are none the object is as it is', async () => {
  const none = { ...payment, sealed_fields: null };
  expect(await withOpenFields(none, keyring)).toBe(none);
  const event = {
    tenant_id: 'ten_1',
    mode: 'test',
    data: { object: 'payment', id: 'pay_1' },
    sealed_fields: null,
  } as const;
  expect(await withOpenEventFields(event, keyring)).toBe(event);
});

it('are sealed anew where one differs, and are the very same bytes where none does', async () => {
  const object = { ...payment, sealed_fields: await sealFields(keyring, payment, texts) };
  for (const same of [{}, { description: undefined }, { metadata: { order: '7' } }, texts]) {
    expect(await changedFields(keyring, object, same)).toBe(object.sealed_fields);
  }
  const changed = async (change: object): Promise<unknown> => {
    const sealedFields: Sealed<string> = await changedFields(keyring, object, change as Record<string, unknown>);
    expect(sealedFields).not.toBe(object.sealed_fields);
    const { description, metadata } = (await withOpenFields(
      { ...payment, sealed_fields: sealedFields },
      keyring,
    )) as Record<string, unknown>;
    return { description, metadata };
  };
  expect(await changed({ description: null })).toEqual({ ...texts, description: null });
  expect(await changed({ description: undefined, metadata: {} })).toEqual({ ...texts, metadata: {} });
});

it('nothing is opened where nothing is to change', async () => {
  const malformed = { ...payment, sealed_fields: new Uint8Array([1]) };
  expect(await changedFields(keyring, malformed, { description: undefined })).toBe(malformed.sealed_fields);
});

it('[WHK-1] go on in an event as the same bytes, and open there as its object’s', async () => {
  const sealedFields = await sealFields(keyring, payment, texts);
  const event = {
    tenant_id: 'ten_1',
    mode: 'test',
    data: { object: 'payment', id: 'pay_1', amount: 1 },
    sealed_fields: sealedFields,
  } as const;
  expect(await withOpenEventFields(event, keyring)).toEqual({ ...event, data: { ...event.data, ...texts } });
  for (const moved of [{ tenant_id: 'ten_2' }, { mode: 'live' as const }, { data: { ...event.data, id: 'pay_2' } }]) {
    await expect(withOpenEventFields({ ...event, ...moved }, keyring)).rejects.toMatchObject({
      name: 'DecryptionError',
    });
  }
});

it('[ENC-2] of another form are a defect, which says nothing of them', async () => {
  const context = {
    ...owned,
    purpose: 'sealed_fields',
    table: 'payments',
    item: 'pay_1',
    field: 'sealed_fields',
  } as const;
  const sealedFields = await keyring.seal('["Zoë"', context);
  await expect(withOpenFields({ ...payment, sealed_fields: sealedFields }, keyring)).rejects.toThrow(
    'what a merchant wrote has not its form',
  );
});
