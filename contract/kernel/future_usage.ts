// How a payment method that is kept may be charged later: while its payer is there, or without.

export const futureUsages = ['on_session', 'off_session'] as const;
export type FutureUsage = (typeof futureUsages)[number];
