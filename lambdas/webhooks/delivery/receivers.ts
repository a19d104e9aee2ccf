// Endpoints with how they do, kept for a moment: what many deliveries ask within a second is read once.

import { cacheLimits } from '../../../contract/kernel/limits.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { cache } from '../../kernel/platform/cache.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import type { Stored } from '../../kernel/store/row.ts';
import type { WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { type Health, loadReceiver } from '../store.ts';

export interface Receiver {
  readonly endpoint: Stored<WebhookEndpoint> | undefined;
  readonly health: Health;
}

export interface Receivers {
  get(owner: TenantScope, endpoint: string): Promise<Receiver>;
  /** Something was written: the next look reads. */
  forget(endpoint: string): void;
}

export function receivers(platform: Platform): Receivers {
  const kept = cache<Promise<Receiver>>(platform.clock, cacheLimits.receivers);
  return {
    get(owner, endpoint) {
      const standing = kept.get(endpoint);
      if (standing !== undefined) return standing;
      const receiver = loadReceiver(platform, owner, endpoint);
      receiver.catch(() => kept.forget(endpoint));
      kept.keep(endpoint, receiver, platform.clock() + cacheLimits.receiverMs);
      return receiver;
    },
    forget: kept.forget,
  };
}
