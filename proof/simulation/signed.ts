// Whether what was sent is signed: under each secret that its merchant knows of and that is good by then. Computed anew from
// the scheme's specification (github.com/standard-webhooks/standard-webhooks), not by our code.

import { createHmac } from 'node:crypto';
import { functions } from '../../contract/capabilities.ts';
import { webhookLimits } from '../../contract/webhooks/limits.ts';
import type { Aftermath } from './aftermath.ts';
import type { Merchant } from './merchants.ts';
import type { Hit } from './receivers.ts';

/** Signatures are looked at for one in so many. */
const oneIn = 4;
/** Whoever delivers may have read an endpoint so long ago: stale by then, and within a run of the function since. */
export const slackMs = 15_000 + functions.deliver.timeoutMs;

const standardSignature = (secret: string, { headers, body }: Hit): string => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
};

/** Whom a merchant's receiver trusts: each of its secrets, with the time in which everything must be signed under it. */
function secretsOf({ webhooks }: Aftermath, { endpoint }: Merchant, index: number) {
  const rotations = webhooks.acted.filter(({ act }) => act.kind === 'rotate' && act.merchant === index);
  const secrets = [{ secret: endpoint.secret, fromMs: 0, untilMs: Number.POSITIVE_INFINITY }];
  for (const { fromMs, answered } of rotations) {
    const last = secrets.at(-1);
    if (last !== undefined) last.untilMs = fromMs + webhookLimits.secretOverlapMs - slackMs;
    // A repeat is not told the secret again: such a merchant has none until it rotates once more.
    const made = answered?.reply.status === 201 ? (JSON.parse(answered.reply.body) as { secret: string | null }) : null;
    if (answered && made?.secret) {
      secrets.push({ secret: made.secret, fromMs: answered.atMs + slackMs, untilMs: Number.POSITIVE_INFINITY });
    }
  }
  return secrets;
}

export function unsigned(left: Aftermath): string[] {
  const secrets = left.merchants.map((merchant, index) => secretsOf(left, merchant, index));
  return left.webhooks.hits.flatMap((hit, index) => {
    if (index % oneIn !== 0) return [];
    const signatures = hit.headers['webhook-signature']?.split(' ') ?? [];
    const good = secrets[hit.merchant]?.filter(
      ({ fromMs, untilMs }) => hit.sentAtMs >= fromMs && hit.sentAtMs < untilMs,
    );
    const missing = good?.filter(({ secret }) => !signatures.includes(standardSignature(secret, hit))) ?? [];
    return missing.length > 0 ? [`${hit.event} lacks a signature at ${hit.address}`] : [];
  });
}
