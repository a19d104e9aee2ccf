// What a receiver of webhooks answers to a challenge, and an endpoint whose address has answered one.

import { challengeType } from '../../contract/webhooks/challenge.ts';
import type { TenantScope } from '../../lambdas/kernel/domain/tenant_scope.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { challengeEndpoint } from '../../lambdas/webhooks/delivery/challenge.ts';
import { type DeliverPorts, deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';

/** The answer's body; undefined: what was sent is no challenge. */
export function challengeAnswer(body: string | Uint8Array): string | undefined {
  const { type, data } = JSON.parse(Buffer.from(body).toString());
  return type === challengeType ? JSON.stringify({ challenge: data.challenge }) : undefined;
}

/** As `deliver` does for an endpoint that was just made, at an address that consents. */
export async function verifyEndpoint(platform: Platform, owner: TenantScope, endpoint: string): Promise<void> {
  const attempt: DeliverPorts['attempt'] = async ({ body }) => ({
    ...{ kind: 'answered', status: 200, latencyMs: 0, retryAfterSeconds: null },
    body: challengeAnswer(body) ?? '',
  });
  const work = { requestId: 'verified', redelivered: false, stopMs: Number.POSITIVE_INFINITY, hop: 0 };
  await challengeEndpoint(
    { ...deliverPorts(platform), attempt },
    { kind: 'challenge', ...owner, endpoint, hop: 0 },
    work,
  );
}
