// Endpoints with how they do, kept for a moment: what many deliveries ask within a second is read once.

import { cacheLimits } from '../../contract/limits.ts';
import type { WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import type { Platform } from '../platform/platform.ts';
import type { Stored } from '../store/row.ts';
import { type Health, loadReceiver, type Owner } from '../store/webhooks.ts';

export interface Receiver {
  readonly endpoint: Stored<WebhookEndpoint> | undefined;
  readonly health: Health;
}

export interface Receivers {
  get(owner: Owner, endpoint: string): Promise<Receiver>;
  /** Something was written: the next look reads. */
  forget(endpoint: string): void;
}

export function receivers(platform: Platform): Receivers {
  const kept = new Map<string, { readonly receiver: Promise<Receiver>; readonly untilMs: number }>();
  return {
    get(owner, endpoint) {
      const nowMs = platform.clock();
      const found = kept.get(endpoint);
      if (found !== undefined && nowMs < found.untilMs) return found.receiver;
      const receiver = loadReceiver(platform, owner, endpoint);
      receiver.catch(() => kept.delete(endpoint));
      kept.delete(endpoint);
      kept.set(endpoint, { receiver, untilMs: nowMs + cacheLimits.receiverMs });
      const oldest = kept.size > cacheLimits.receivers ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      return receiver;
    },
    forget: (endpoint) => kept.delete(endpoint),
  };
}
