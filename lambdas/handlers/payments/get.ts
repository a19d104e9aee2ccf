// Reads one payment, strongly consistent: a merchant sees what it has just done.

import { getPayment as operation } from '../../../contract/operations/payments.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import type { Platform } from '../../platform/platform.ts';
import { loadPayment } from '../../store/payments.ts';
import { memberOf, owns } from '../caller.ts';
import { fresh, type Handler } from '../handler.ts';

export const getPayment: Handler<typeof operation, Platform> = async (call, platform) => {
  const found = await loadPayment(platform, call.params.payment_id ?? '');
  if (!owns(memberOf(call.identity), found?.value)) throw new Refusal('payment_not_found');
  return fresh(represent(operation.reply, found?.value));
};
