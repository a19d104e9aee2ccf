// The authorizer: finds who calls, and with which verdict. It caches nothing, so a revoked key is refused by the next
// request. What it recognises but must refuse goes through with its verdict: the pipeline refuses it and says why. It names
// the API Gateway key under which the request counts; that a client could name one itself must never be. A stranger costs one
// read: it is counted from the log, so that a flood of them writes to no table and waits for none.

import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { keyLimits } from '../../contract/tenants/limits.ts';
import { type Credential, parseCredential, pepperOf, verifySecret } from '../kernel/crypto/credential.ts';
import { type PlatformSecret, platformSecret } from '../kernel/crypto/platform_secrets.ts';
import { defectOf } from '../kernel/domain/refusal.ts';
import { type AuthorizerContext, unverified } from '../kernel/http/authorize.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { load } from '../kernel/store/load.ts';
import { addressAllowed } from './domain/allowed_addresses.ts';
import { verdictOn } from './domain/key.ts';
import { keyRow, operatorRow, touchKey } from './store.ts';
import { keySubject, operatorSubject, type RateLimitSubject, refused, usageKeyOf } from './usage_key.ts';

/** API Gateway answers 401 to exactly this text. */
const unauthorized = (): Error => new Error('Unauthorized');

/** Who calls, and under whose limit the call counts. */
interface Recognised {
  readonly context: AuthorizerContext;
  readonly subject: RateLimitSubject;
}

export type AuthorizerHandler = (event: APIGatewayRequestAuthorizerEvent) => Promise<APIGatewayAuthorizerResult>;

export function authorizer(platform: Platform): AuthorizerHandler {
  const peppers = platformSecret(platform, 'peppers');
  return async (event) => {
    let recognised: Recognised | null;
    try {
      recognised = await recognise(platform, peppers, event);
    } catch (error) {
      platform.log('authorizer_failed', {
        request_id: event.requestContext.requestId,
        defect: defectOf(error),
      });
      throw error;
    }
    if (recognised === null) {
      platform.log('credential_unrecognised', { request_id: event.requestContext.requestId });
      throw unauthorized();
    }
    const { context, subject } = recognised;
    // Of elsewhere: its secret was never checked, so anybody could have made it up.
    if (unverified.includes(context.verdict)) {
      platform.log('credential_unrecognised', { request_id: event.requestContext.requestId });
    }
    return {
      principalId: context.actor_id,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
      },
      context,
      usageIdentifierKey: usageKeyOf(platform.config, subject, event),
    };
  };
}

/** Null: nothing that this zone's stage ever issued. */
async function recognise(
  platform: Platform,
  peppers: PlatformSecret,
  event: APIGatewayRequestAuthorizerEvent,
): Promise<Recognised | null> {
  const header = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const credential = parseCredential(header, platform.config.stage);
  if (credential === null) return null;
  const actor_kind = credential.publishable ? 'payer' : credential.kind;
  const nobody = { actor_kind, actor_id: credential.id, tenant: '', mode: '', scopes: '' } as const;
  const { zone } = credential;
  if (!credential.ofStage) return { context: { ...nobody, verdict: 'wrong_environment', zone }, subject: refused };
  if (zone !== platform.config.zone) return { context: { ...nobody, verdict: 'wrong_zone', zone }, subject: refused };
  return credential.kind === 'operator'
    ? recogniseOperator(platform, peppers, credential, nobody)
    : recogniseKey(platform, peppers, credential, event.requestContext.identity.sourceIp);
}

async function recogniseOperator(
  platform: Platform,
  peppers: PlatformSecret,
  credential: Credential,
  nobody: Omit<AuthorizerContext, 'verdict' | 'zone'>,
): Promise<Recognised | null> {
  const found = (await load(platform, operatorRow, { id: credential.id }))?.value;
  if (found === undefined || !verifySecret(credential, found.secret_hmac, await peppers(pepperOf(found.secret_hmac))))
    return null;
  const verdict = verdictOn(found, undefined, platform.clock());
  return { context: { ...nobody, verdict, zone: credential.zone }, subject: operatorSubject(verdict) };
}

async function recogniseKey(
  platform: Platform,
  peppers: PlatformSecret,
  credential: Credential,
  address: string,
): Promise<Recognised | null> {
  const found = (await load(platform, keyRow, { id: credential.id }))?.value;
  if (found === undefined || found.mode !== credential.mode) return null;
  // What anybody may see of a publishable key must never be made into a secret one.
  if ((found.kind === 'publishable') !== credential.publishable) return null;
  if (!verifySecret(credential, found.secret_hmac, await peppers(pepperOf(found.secret_hmac)))) return null;
  const now = platform.clock();
  const verdict = verdictOn(found, addressAllowed(found.allowed_addresses, address), now);
  const unseenMs = now - (found.last_used_at === null ? 0 : Date.parse(found.last_used_at));
  // The time of the last use is worth no refusal: where this write fails the next request makes it.
  if (verdict === 'ok' && unseenMs > keyLimits.lastUsedResolutionMs)
    await touchKey(platform, found.id, now).catch(() => {});
  return {
    context: {
      verdict,
      actor_kind: credential.publishable ? 'payer' : 'key',
      actor_id: found.id,
      tenant: found.tenant,
      mode: found.mode,
      scopes: found.scopes.join(' '),
      zone: credential.zone,
    },
    subject: { ...(await keySubject(platform, found, verdict, now)), isPayer: credential.publishable },
  };
}
