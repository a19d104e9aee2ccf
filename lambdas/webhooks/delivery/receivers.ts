// Endpoints with their health, cached for a moment: what many deliveries ask within a second is read once.

import { cacheLimits } from '../../../contract/kernel/limits.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { cache } from '../../kernel/platform/cache.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { loadReceiver, type Receiver } from '../store/health.ts';

export interface Receivers {
  get(owner: TenantScope, endpoint: string): Promise<Receiver>;
  /** Something was written: the next look reads. */
  forget(endpoint: string): void;
}

export function receivers(platform: Platform): Receivers {
  const cached = cache<Promise<Receiver>>(platform.clock, cacheLimits.receivers);
  return {
    get(owner, endpoint) {
      const found = cached.get(endpoint);
      if (found !== undefined) return found;
      const receiver = loadReceiver(platform, owner, endpoint);
      receiver.catch(() => cached.forget(endpoint));
      cached.keep(endpoint, receiver, platform.clock() + cacheLimits.receiverMs);
      return receiver;
    },
    forget: cached.forget,
  };
}
