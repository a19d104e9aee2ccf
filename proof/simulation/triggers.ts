// What invokes functions when something was written or something happened at the processor: streams, the queue of
// deliveries, the processor's own notifications.

import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import type { Conditions } from './conditions.ts';
import { ends } from './ends.ts';
import type { Merchant } from './merchants.ts';
import type { Pools } from './pools.ts';
import { providerWebhooks } from './provider_webhooks.ts';
import { pollers } from './queue.ts';
import { streams } from './streams.ts';

/** The connection that a payment went through; undefined: none. */
function connectionOf(
  { database }: MemoryAws,
  merchants: readonly Merchant[],
  payment: string,
): Merchant['connection'] | undefined {
  const through = [...database.items('payments')].find(({ sk, id }) => sk?.S === 'payment' && id?.S === payment);
  return merchants.find(({ connection }) => connection.id === through?.connection?.S)?.connection;
}

export function triggersOf({ draw, timeline, merchants, fault }: Conditions, aws: MemoryAws, pools: Pools) {
  const { database, queues } = aws;
  const relaying = streams({ timeline, draw, database, fault, name: 'relay', reader: pools.relay });
  const settling = streams({
    ...{ timeline, draw, database, fault },
    name: 'processor_events',
    reader: pools.processor_events,
  });
  const notifying = providerWebhooks({
    ...{ draw, timeline, fault },
    ingress: pools.ingress,
    connectionOf: (payment) => connectionOf(aws, merchants, payment),
  });
  const delivering = pollers({ timeline, draw, queues, deliver: pools.deliver, fault });
  const over = ends(database, timeline);
  return {
    notifying,
    delivering,
    over,
    streamsDrained: (): boolean => relaying.drained() && settling.drained(),
    /** After each write. */
    wrote(): void {
      relaying.take();
      settling.take();
      delivering.wake();
      over.notice();
    },
  };
}
