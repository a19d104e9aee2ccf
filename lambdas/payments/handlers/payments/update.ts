// Changes what a merchant wrote into a payment: nothing of the money, and nothing at its processor.

import { updatePayment as operation } from '../../../../contract/payments/operations.ts';
import { changedFields } from '../../../kernel/crypto/sealed_fields.ts';
import { change } from '../../../kernel/operation/change.ts';
import { openPayment } from '../../payer_access.ts';
import type { MoneyPorts } from '../../ports.ts';
import { referenceDigest } from '../../reference_digest.ts';
import { paymentRow } from '../../store.ts';

export const updatePayment = change(
  operation,
  paymentRow,
  async (payment, { body, scope }, { keyring, digests }: MoneyPorts) => {
    const sealed_fields = await changedFields(keyring, payment, body);
    if (sealed_fields === payment.sealed_fields) return null;
    const { reference } = body;
    const reference_digest =
      reference === undefined ? payment.reference_digest : await referenceDigest(digests, scope, reference);
    return { fact: 'payment.updated', next: { ...payment, sealed_fields, reference_digest } };
  },
  openPayment,
);
