// What merchants do about their endpoints and deliveries, through the API like everything that they do. What each came to
// is kept for the invariants.

import type { Operation } from '../../contract/capabilities.ts';
import {
  deleteWebhookEndpoint,
  retryDelivery,
  rotateWebhookSecret,
  skipDelivery,
  updateWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import type { Item } from '../../local/dynamodb/memory/database.ts';
import { client, type Heard } from './clients.ts';
import type { Draw } from './draw.ts';
import type { Reply, Request } from './gateway.ts';
import type { Merchant } from './merchants.ts';
import type { Act } from './plan_webhooks.ts';
import type { Timeline } from './timeline.ts';

export interface Acted {
  readonly act: Act;
  /** The delivery that it was about; null: the endpoint. */
  readonly delivery: string | null;
  readonly fromMs: number;
  /** When and how it was answered for good; null: never. */
  answered: { readonly atMs: number; readonly reply: Reply } | null;
}

export interface ActPorts {
  readonly acts: readonly Act[];
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly merchants: readonly Merchant[];
  /** Rows of deliveries. */
  readonly deliveries: () => readonly Item[];
  readonly send: (request: Request, address: string) => Promise<Reply | null>;
  readonly trace: ((text: string) => void) | undefined;
}

const operations: Readonly<Record<Act['kind'], { readonly operation: Operation; readonly body?: object }>> = {
  rotate: { operation: rotateWebhookSecret, body: {} },
  disable: { operation: updateWebhookEndpoint, body: { status: 'disabled' } },
  enable: { operation: updateWebhookEndpoint, body: { status: 'enabled' } },
  delete: { operation: deleteWebhookEndpoint },
  skip: { operation: skipDelivery, body: {} },
  retry: { operation: retryDelivery, body: {} },
};

export function actors({ acts, draw, timeline, merchants, deliveries, send, trace }: ActPorts) {
  const acted: Acted[] = [];
  const startMs = timeline.now();
  const waiting = new Set(acts);

  /** Mostly one that others wait for; anything else may be asked for as well. */
  const deliveryFor = ({ name }: Act, endpoint: string): string | null => {
    const own = deliveries().filter(({ webhook_endpoint }) => webhook_endpoint?.S === endpoint);
    const held = own.filter(({ status }) => status?.S === 'pending' || status?.S === 'blocked');
    const among = held.length > 0 && draw.chance(`${name} what is held up`, 0.8) ? held : own;
    const ids = among.map(({ sk }) => sk?.S ?? '').sort();
    return ids.length === 0 ? null : draw.pick(`${name} of`, ids);
  };

  const perform = async (act: Act, { credential, endpoint }: Merchant): Promise<void> => {
    const { name, kind } = act;
    const ofDelivery = kind === 'skip' || kind === 'retry';
    const delivery = ofDelivery ? deliveryFor(act, endpoint.id) : null;
    if (ofDelivery && delivery === null) return;
    const one: Acted = { act, delivery, fromMs: timeline.now(), answered: null };
    acted.push(one);
    const params: Record<string, string> =
      delivery === null ? { webhook_endpoint_id: endpoint.id } : { delivery_id: delivery };
    const request = { ...operations[kind], params, credential, ...(kind === 'rotate' && { key: `key-${name}` }) };
    const hear = ({ status, code }: Heard): void => trace?.(`${name} hears ${status} ${code ?? ''}`);
    const reply = await client({ timeline, draw, send }, request, name, hear);
    if (reply !== null) one.answered = { atMs: timeline.now(), reply };
  };

  for (const act of acts) {
    const merchant = merchants[act.merchant];
    if (merchant === undefined) throw new Error('a plan names a merchant who does not exist');
    timeline.after(act.atMs, () => perform(act, merchant).finally(() => waiting.delete(act)));
  }
  return {
    acted,
    /** When what is not done began, or will begin (ms since the epoch). */
    waiting: (): number[] => [...waiting].map(({ atMs }) => startMs + atMs),
  };
}
