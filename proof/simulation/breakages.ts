// Ways to break the design, one line of the product each. A simulation that doesn't notice one of them is not worth its
// time; docs/decisions/0014 keeps what caught each.

import type { Breakage } from './breakage.ts';
import { forgeryBreakages } from './forgery_breakages.ts';
import { payerBreakages } from './payer_breakages.ts';
import { regionBreakages } from './regions/breakages.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: lines of the product, not templates
export const breakages = {
  condition_on_version: {
    what: 'a row is written whatever its version is by now',
    file: 'lambdas/kernel/store/commit.ts',
    find: "ConditionExpression: 'version = :version AND written_by = :written_by'",
    replace: "ConditionExpression: 'version = :version AND written_by = :written_by OR attribute_exists(pk)'",
  },
  condition_on_absence: {
    what: 'a payment is created although it exists',
    file: 'lambdas/kernel/store/commit.ts',
    find: "{ ConditionExpression: 'attribute_not_exists(pk)' }",
    replace: '{}',
  },
  any_stamp: {
    what: 'a commit takes any row that it finds for its own',
    file: 'lambdas/kernel/store/commit.ts',
    find: 'if (!found.some((item) => item?.written_by?.S === stamp)) {',
    replace: 'if (found.every((item) => item === undefined)) {',
  },
  key_that_was_there: {
    what: 'a data key that another stored first is taken for one’s own',
    file: 'lambdas/kernel/store/batch.ts',
    find: '      present += 1;\n',
    replace: '',
  },
  lease: {
    what: 'a lease is taken although another holds it',
    file: 'lambdas/payments/domain/intent.ts',
    find: 'if (intent.lease_until_ms !== null && intent.lease_until_ms > nowMs) return null;',
    replace: '',
    // Two runs of the reconciler at once, which AWS allows one of: a safeguard behind a safeguard.
    seed: 5,
  },
  key_without_attempt: {
    what: 'the provider’s key does not change with the attempt',
    file: 'lambdas/payments/domain/intent.ts',
    find: '.${intent.attempt}',
    replace: '.1',
  },
  attempt_after_unknown: {
    what: 'an unknown outcome is followed by the next key',
    file: 'lambdas/payments/domain/operation.ts',
    find: "if (fact.kind === 'not_charged' && about.sent",
    replace: "if ((fact.kind === 'not_charged' || fact.kind === 'unknown') && about.sent",
  },
  absence_at_once: {
    what: 'an order that a look-up does not find is taken for never executed while it may still be on its way',
    file: 'lambdas/payments/domain/intent.ts',
    find: '!mayResend(intent, keyLifetimeMs, nowMs - limits.notFoundConclusiveAfterMs)',
    replace: '!mayResend(intent, keyLifetimeMs, nowMs)',
  },
  resend_for_ever: {
    what: 'a request is sent again although the processor forgot its key',
    file: 'lambdas/payments/domain/intent.ts',
    find: 'nowMs - intent.attempt_started_at_ms <= keyLifetimeMs * limits.resendShareOfKeyLifetime',
    replace: 'nowMs - intent.attempt_started_at_ms <= keyLifetimeMs * 100',
  },
  silence_is_no_charge: {
    what: 'no answer is taken for "not charged"',
    file: 'lambdas/processors/test/facts.ts',
    find: 'if (reply === null) return unknown;',
    replace: "if (reply === null) return { kind: 'not_charged' };",
  },
  reservation: {
    what: 'a modification does not reserve what it may move',
    file: 'lambdas/payments/domain/modification.ts',
    find: '[rule.reserved]: payment[rule.reserved] + amount,',
    replace: '[rule.reserved]: payment[rule.reserved],',
  },
  bound: {
    what: 'a modification may move more than is left',
    file: 'lambdas/payments/domain/modification.ts',
    find: 'if (amount > left || amount < 1)',
    replace: 'if (amount < 1)',
  },
  reconciler: {
    what: 'the reconciler finds nothing',
    file: 'lambdas/payments/reconcile.ts',
    find: 'until: timestamp(nowMs)',
    replace: 'until: timestamp(0)',
  },
  due_forgotten: {
    what: 'what stays unknown is not looked at again',
    file: 'lambdas/payments/domain/intent.ts',
    find: 'due_at_ms: nowMs + pauseMs,',
    replace: 'due_at_ms: null,',
  },
  first_reply: {
    what: 'the reply is written again with every settlement',
    file: 'lambdas/payments/execute.ts',
    find: 'if (intentOf(next).lease_until_ms !== null || targetOf(next).reply !== null) return',
    replace: 'if (intentOf(next).lease_until_ms !== null) return',
  },
  body_of_repeat: {
    what: 'a repeat gets the object as it is now instead of the first reply',
    file: 'lambdas/payments/execute.ts',
    find: 'return { body: await ports.keyring.open(reply, contextOf(operation)), outcome',
    replace: 'return { body: serialize(Payment, await withOpenFields(operation.payment, ports.keyring)), outcome',
  },
  tenant_check: {
    what: 'whose an object is, is not asked',
    file: 'lambdas/kernel/domain/tenant_scope.ts',
    find: 'object !== undefined && object.tenant === scope.tenant && object.mode === scope.mode',
    replace: 'object !== undefined && object.mode === scope.mode',
  },
  event_id: {
    what: 'a repeated relay makes another event',
    file: 'lambdas/relay/event.ts',
    find: 'id: eventIdOf(fact.id)',
    replace: 'id: eventIdOf(fact.id).slice(0, -6) + String(Math.random()).slice(2, 8)',
  },
  unprocessed: {
    what: 'what DynamoDB put off is forgotten',
    file: 'lambdas/kernel/store/batch.ts',
    find: 'waiting = [...putOff, ...waiting.slice(perCall)];',
    replace: 'waiting = waiting.slice(perCall);',
  },
  sequence: {
    what: 'a fact’s number rises with every write',
    file: 'lambdas/kernel/store/commit.ts',
    find: 'const sequence = (root?.before?.sequence ?? 0) + 1;',
    replace: 'const sequence = (root?.before?.version ?? 0) + 1;',
  },
  ordering: {
    what: 'a delivery does not wait for the one before it',
    file: 'lambdas/webhooks/delivery/ordering.ts',
    find: "if (scope.endpoint.ordering !== 'strict') return null;",
    replace: 'if (scope.endpoint !== null) return null;',
  },
  on_its_way: {
    what: 'an event that is still on its way has nobody behind it',
    file: 'lambdas/webhooks/delivery/ordering.ts',
    find: 'if (isSubscribedTo(endpoint, event)) {',
    replace: 'if (endpoint === null) {',
  },
  condition_on_delivery: {
    what: 'the row of a delivery is written whatever its version is by now',
    file: 'lambdas/kernel/store/commit.ts',
    find: "ConditionExpression: 'version = :version AND written_by = :written_by'",
    replace:
      "ConditionExpression: `version = :version AND written_by = :written_by${type.table === 'webhooks' ? ' OR attribute_exists(pk)' : ''}`",
  },
  dispatcher: {
    what: 'the dispatcher finds nothing',
    file: 'lambdas/webhooks/delivery/dispatch.ts',
    find: 'const until = timestamp(nowMs + limits.aheadMs);',
    replace: 'const until = timestamp(0);',
  },
  successor: {
    what: 'whoever waits for a delivery is not told that it is over',
    file: 'lambdas/webhooks/delivery/retry.ts',
    find: 'delivery = await attemptNow(ports, delivery, successor, work);',
    replace: 'return;',
  },
  claim: {
    what: 'a delivery is attempted again without being claimed',
    file: 'lambdas/webhooks/delivery/retry.ts',
    find: 'const held = await commitDelivery(ports, found, claimed, requestId);',
    replace: 'const held = found;',
  },
  claim_conflict: {
    what: 'a claim that met another write is given up',
    file: 'lambdas/webhooks/delivery/retry.ts',
    find: 'if (held === undefined) return conflict;',
    replace: 'if (held === undefined) return null;',
  },
  lost_successor: {
    what: 'a delivery that must wait itself forgets who waits for it',
    file: 'lambdas/webhooks/domain/delivery.ts',
    find: 'const waiting = others ? before.successor : delivery.successor;',
    replace: 'const waiting = before.successor === delivery.id ? delivery.successor : before.successor;',
  },
  stale_event: {
    what: 'an event that is not there yet is taken for none',
    file: 'lambdas/webhooks/store/deliveries.ts',
    find: 'if (item === undefined && !consistent) return',
    replace: 'if (item === undefined && consistent) return',
  },
  refused_message: {
    what: 'what SQS refused is forgotten',
    file: 'lambdas/webhooks/message.ts',
    find: 'return Failed.flatMap(',
    replace: 'return Failed.slice(batch.length).flatMap(',
  },
  retry_at_once: {
    what: 'the next attempt does not wait for its time',
    file: 'lambdas/webhooks/domain/delivery.ts',
    find: 'const dueMs = Math.max(scheduledMs, askedMs, nowMs + (limits.retryOffsetsMs[0] ?? 0));',
    replace: 'const dueMs = askedMs;',
  },
  new_secret: {
    what: 'a rotated secret does not sign',
    file: 'lambdas/webhooks/domain/webhook_endpoint.ts',
    find: 'secrets: [{ ...made, ends_at_ms: null }, ...ending]',
    replace: 'secrets: ending',
  },
  accepted_and_not_stored: {
    what: 'a notification is taken for stored though its write met a transaction of unknown outcome',
    file: 'lambdas/processor_events/store.ts',
    find: 'if (done.found.every((item) => item === undefined)) throw unavailable();',
    replace: '',
  },
  failed_record: {
    what: 'a notification that could not be applied is not reported to the stream',
    file: 'lambdas/processor_events/processor_events.ts',
    find: 'first === undefined ? [] : [{ itemIdentifier: first.at }]',
    replace: '[]',
  },
  events_to_unverified: {
    what: 'events are sent to an address that has not answered a challenge',
    file: 'lambdas/webhooks/delivery/initial_attempt.ts',
    find: "if (endpoint.status !== 'enabled') return",
    replace: "if (endpoint.status === 'disabled') return",
  },
  verified_without_resume: {
    what: 'what was parked until an address was verified is not resumed',
    file: 'lambdas/relay/fan_out.ts',
    find: "    case 'webhook_endpoint.verified':\n",
    replace: '',
  },
  held_by_another: {
    what: 'a message is done with although another, who may die, does what it asks for',
    file: 'lambdas/webhooks/delivery/retry.ts',
    find: 'if (isHeld(value, nowMs)) return lookAgain(ports, value, work);',
    replace: '',
  },
  chain_without_end: {
    what: 'a chain of messages is as long as there is something to do',
    file: 'lambdas/webhooks/message.ts',
    find: '  if (hop >= queues.deliveries.hopsMax) return false;\n',
    replace: '',
  },
  unseen_refusal: {
    what: 'that a processor refuses a connection is not noted',
    file: 'lambdas/payments/execute.ts',
    find: '    await ports.noteAnswer(current.payment.value, report.fact, audit);\n',
    replace: '',
  },
  refusal_of_nothing: {
    what: 'a connection is failing as soon as a payment is declined',
    file: 'lambdas/payments/connection_health.ts',
    find: "const isRefused = kind === 'misconfigured';",
    replace: "const isRefused = kind !== 'approved';",
  },
  refused_after_resume: {
    what: 'a refused account is believed of an order that may have been sent before',
    file: 'lambdas/payments/domain/operation.ts',
    find: "answer.kind !== 'misconfigured' || (about.sent && !intent.resumed && intent.recheck_count === 0);",
    replace: 'answer !== null;',
  },
  overdue: {
    what: 'what is open for longer than anything may be is looked at for ever',
    file: 'lambdas/payments/domain/operation.ts',
    find: 'if (!isOutcome(fact) && isOverdue(intent, nowMs)) return unresolved(operation);',
    replace: '',
  },
  ...forgeryBreakages,
  ...regionBreakages,
  ...payerBreakages,
} as const satisfies Record<string, Breakage>;
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: lines of the product, not templates

export type BreakageName = keyof typeof breakages;
