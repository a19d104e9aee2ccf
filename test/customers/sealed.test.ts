// What is sealed of a customer opens in its form alone, and what has another is a defect that says nothing of it.

import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openFor, sealFor } from '../../lambdas/customers/sealed.ts';
import { type EncryptionContext, open, seal } from '../../lambdas/kernel/crypto/envelope.ts';
import type { SubjectKey } from '../../lambdas/kernel/crypto/subject_keys.ts';

const plaintext = createSecretKey(randomBytes(32));
const whole = { zone: 'us', tenant: 'ten_1', mode: 'test' } as const;
const key: SubjectKey = {
  seal: (text, context) =>
    seal(text, { name: 'subject', plaintext }, { ...whole, ...context } satisfies EncryptionContext),
  open(sealed, context) {
    const opened = open(sealed, plaintext, { ...whole, ...context } satisfies EncryptionContext);
    if (typeof opened === 'string') throw new Error(opened);
    return opened.content.toString();
  },
};
const response = { body_digest: '1.x', reply: '{}' };

it('[ENC-2] what is sealed of a customer opens as its kind, of its own item', () => {
  const sealed = sealFor(key, 'original_response', 'cus_1', response);
  expect(openFor(key, 'original_response', 'cus_1', sealed)).toEqual(response);
  const context = { purpose: 'original_response', table: 'subjects', item: 'cus_1', field: 'original_response' };
  expect(JSON.parse(key.open(sealed, context))).toEqual(response);
  expect(() => openFor(key, 'original_response', 'cus_2', sealed)).toThrow('not_authentic');
  expect(() => openFor(key, 'person', 'cus_1', sealed)).toThrow('not_authentic');
});

it('[ENC-2] of another form it is a defect', () => {
  const sealed = sealFor(key, 'original_response', 'cus_1', { body_digest: 7 } as never);
  expect(() => openFor(key, 'original_response', 'cus_1', sealed)).toThrow(
    'what was sealed of a customer has not its form',
  );
});
