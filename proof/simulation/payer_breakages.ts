// Ways to break the payer's part.

import type { Breakage } from './breakage.ts';

export const payerBreakages = {
  expiry: {
    what: 'a payment whose payer never comes waits for ever',
    file: 'lambdas/payments/reconcile.ts',
    find: "if (isOver) await cancelWaiting(ports, stored.payment, 'expired', audit, []);",
    replace: '',
  },
  attempt_is_final: {
    what: 'a payment has failed as soon as its payer’s first choice is declined',
    file: 'lambdas/payments/domain/payment.ts',
    find: "  const isFirst = payment.status === 'processing';",
    replace:
      "  if (failed !== null) return { next: { ...waiting, status: 'failed', intent: closeIntent(payment.intent) }, fact: 'payment.failed' };\n  const isFirst = payment.status === 'processing';",
  },
  canceled_here_alone: {
    what: 'a payment is canceled without a word to its processor, where its payer may still pay',
    file: 'lambdas/payments/cancel.ts',
    find: 'if (!(await processorOf(payment.value)).cancelsWaiting) {',
    replace: 'if ((await processorOf(payment.value)).cancelsWaiting) {',
  },
} as const satisfies Record<string, Breakage>;
