// Notes whether the processor behind a connection refuses it or answers again. What was asked is recorded before this, and
// does not depend on it: where noting fails, the next answer says the same.

import { cacheLimits } from '../../contract/kernel/limits.ts';
import { recordAnswer } from '../connections/domain/health.ts';
import { healthRow, loadHealth } from '../connections/store.ts';
import { defectOf } from '../kernel/domain/refusal.ts';
import { cache } from '../kernel/platform/cache.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { type AuditContext, commitChange, systemContext } from '../kernel/store/commit.ts';
import type { ProviderFact } from '../processors/domain/fact.ts';
import type { Payment } from './domain/payment.ts';

/** After an answer about a payment, or about what follows it. Never throws. */
export type NoteAnswer = (payment: Payment, fact: ProviderFact, audit: AuditContext) => Promise<void>;

/** What says nothing about the connection. */
const saysNothing: readonly ProviderFact['kind'][] = ['unknown', 'not_charged'];

export function connectionHealth(platform: Platform): NoteAnswer {
  /** Whether it is failing, as was read a while ago. */
  const failing = cache<boolean>(platform.clock, cacheLimits.connectionHealth);
  const note = async (id: string, { tenant, mode }: Payment, isRefused: boolean, audit: AuditContext) => {
    const untilMs = platform.clock() + cacheLimits.connectionHealthMs;
    const before = (await loadHealth(platform, id)) ?? null;
    const changed = recordAnswer(before?.value ?? null, { id, tenant, mode }, isRefused, platform.clock());
    const by = audit.actor.kind === 'system' && audit.actor.id === 'reconciler' ? 'reconciler' : 'money';
    // Where another was faster, it noted an answer that was as new.
    if (changed !== null) {
      await commitChange(platform, healthRow, before, changed, systemContext(by, { tenant, mode }, audit.requestId));
    }
    failing.keep(id, isRefused, untilMs);
  };
  return async (payment, { kind }, audit) => {
    const { connection: id } = payment;
    const isRefused = kind === 'misconfigured';
    if (id === null || saysNothing.includes(kind) || failing.get(id) === isRefused) return;
    try {
      await note(id, payment, isRefused, audit);
    } catch (error) {
      platform.log('connection_health_unknown', { object: id, tenant: payment.tenant, defect: defectOf(error) });
    }
  };
}
