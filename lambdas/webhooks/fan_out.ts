// Which endpoints an owner's events go to: a message for each that is subscribed, and for each aggregate. The relay asks at once,
// and where the answer can't be had, the queue asks again.

import type { StoredEvent } from '../events/store.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { isSubscribedTo } from './domain/webhook_endpoint.ts';
import { deliverMessages, type TaskOf } from './message.ts';
import { loadSubscriptions } from './store/endpoints.ts';

/** `events` are the owner's, in the order of the stream, so that each aggregate's come in theirs. */
export async function fanOutTasks(
  platform: StorePlatform,
  owner: TenantScope,
  events: readonly StoredEvent[],
): Promise<TaskOf<'deliver'>[]> {
  const subscriptions = await loadSubscriptions(platform, owner);
  return (subscriptions?.value.endpoints ?? []).flatMap((endpoint) => {
    const wanted = events.filter((event) => isSubscribedTo(endpoint, event));
    return deliverMessages({ ...owner, id: endpoint.id }, null, wanted);
  });
}
