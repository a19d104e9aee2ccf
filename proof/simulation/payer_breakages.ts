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
  payer_thought_there: {
    what: 'a payment without its payer is ordered as if the payer were there',
    file: 'lambdas/payments/domain/operation.ts',
    find: '  off_session: payment.off_session,',
    replace: '  off_session: false,',
  },
  anybodys_method: {
    what: 'a saved payment method pays for whoever names it',
    file: 'lambdas/payments/payment_source.ts',
    find: "if (payer === undefined || !owns(scope, payer.subject)) throw notFound('customer');",
    replace: "if (payer === undefined) throw notFound('customer');",
  },
} as const satisfies Record<string, Breakage>;
