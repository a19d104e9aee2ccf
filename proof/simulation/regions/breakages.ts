// What makes two regions of a zone one, broken on purpose: caught by zones whose writer region fails.

import type { Breakage } from '../breakage.ts';

export const regionBreakages = {
  unfenced: {
    what: 'a region takes itself for the writer after its lease has ended',
    file: 'lambdas/kernel/store/writer.ts',
    find: 'lease?.holder === config.region && clock() < writesUntilMs(lease);',
    replace: 'lease?.holder === config.region;',
    worlds: 60,
  },
  early_takeover: {
    what: 'a lease is taken before it has ended',
    file: 'lambdas/writer/domain/lease.ts',
    find: 'return nowMs < lease.until_ms ?',
    replace: 'return nowMs < lease.until_ms - 120_000 ?',
    worlds: 60,
  },
  unseen_loss: {
    what: 'a region does not see that the other one replaced its write',
    file: 'lambdas/kernel/store/lost_update.ts',
    find: 'return buildsOn ? null : before;',
    replace: 'return null;',
    worlds: 60,
  },
  loss_uncounted: {
    what: 'what a lost write had moved is not counted anew',
    file: 'lambdas/payments/domain/lost_update.ts',
    find: 'const next = settled(counted(reported, known), known);',
    replace: 'const next = settled(reported, known);',
    worlds: 60,
  },
  others_facts: {
    what: 'a fact of a region that died is nobody’s before it is back',
    file: 'lambdas/relay/relay.ts',
    find: 'if (recorded === null) continue;',
    replace: 'if (recorded === null || (recorded.origin !== region && !(await relaysAll()))) continue;',
    worlds: 60,
  },
  unwatched: {
    what: 'webhooks of a region that died are not asked for again by the one that took over',
    file: 'lambdas/relay/fan_out.ts',
    find: 'return [fan_out, ...each.flatMap(({ consequences }) => consequences)].map((message) => ({ message, afterMs }));',
    replace: 'return [];',
    worlds: 60,
  },
  dropped: {
    what: 'a region that takes writes no more drops the webhooks that wait in its queue',
    file: 'lambdas/webhooks/delivery/hand_over.ts',
    find: 'for (const task of tasks ?? []) await leaveDue(ports, task);',
    replace: '',
    worlds: 60,
  },
  begun_again: {
    what: 'the region that took over does not look whether a webhook was sent',
    file: 'lambdas/webhooks/delivery/initial_attempt.ts',
    find: 'const mayBeThere = redelivered || message.maybe_begun;',
    replace: 'const mayBeThere = redelivered;',
    worlds: 60,
  },
} as const satisfies Record<string, Breakage>;
