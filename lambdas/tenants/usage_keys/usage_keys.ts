// The API Gateway keys of one tenant: one per mode and class, each in its plan. Making them again changes nothing, so it may
// stop anywhere and be repeated; it never takes a key away and never puts one into another plan.

import {
  type APIGatewayClient,
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  GetApiKeysCommand,
} from '@aws-sdk/client-api-gateway';
import { rateName, rates, usageKey, usageKeyLimits } from '../../../contract/kernel/rates.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { Platform } from '../../kernel/platform/platform.ts';

export interface ProvisionerPlatform extends Pick<Platform, 'clock' | 'config' | 'log' | 'sleep'> {
  readonly apiGateway: APIGatewayClient;
}

/** Throws at the first call that keeps failing; what was made by then stays. */
export async function makeUsageKeys(platform: ProvisionerPlatform, tenant: string): Promise<void> {
  for (const rate of rates) {
    const began = platform.clock();
    const planId = platform.config.usagePlan(rateName(rate));
    const keyId = await keyNamed(platform, usageKey(platform.config, tenant, rate));
    await intoPlan(platform, keyId, planId);
    // In step with the account's quota, whose other users have none of their own.
    const pauseMs = began + usageKeyLimits.createEveryMs - platform.clock();
    if (pauseMs > 0) await platform.sleep(pauseMs);
  }
}

/** Its id. Name and value are one text, so that a key is found again by its name. */
async function keyNamed({ apiGateway }: ProvisionerPlatform, value: string): Promise<string> {
  try {
    const { id } = await apiGateway.send(new CreateApiKeyCommand({ name: value, value, enabled: true }));
    if (id !== undefined) return id;
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
  const { items = [] } = await apiGateway.send(
    new GetApiKeysCommand({ nameQuery: value, includeValues: false, limit: usageKeyLimits.foundByName }),
  );
  const found = items.find(({ name }) => name === value)?.id;
  if (found === undefined) throw new Defect('a usage key exists, but not under its name');
  return found;
}

async function intoPlan({ apiGateway }: ProvisionerPlatform, keyId: string, usagePlanId: string): Promise<void> {
  try {
    await apiGateway.send(new CreateUsagePlanKeyCommand({ keyId, keyType: 'API_KEY', usagePlanId }));
  } catch (error) {
    // It is in the plan already.
    if (!(error instanceof ConflictException)) throw error;
  }
}
