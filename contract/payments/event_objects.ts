// What events carry of this capability: public forms, without what merchants wrote in their own words. An event holds that
// sealed, as the row does. What opens a payment to its payer is in no event.

import * as v from 'valibot';
import { Capture, Refund, Void } from './modification.ts';
import { BarePayment } from './payment.ts';

export const eventObjects = {
  payment: v.omit(BarePayment, ['description', 'reference', 'metadata']),
  capture: Capture,
  refund: v.omit(Refund, ['reason']),
  void: Void,
};
