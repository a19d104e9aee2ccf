// A sender that a test kills: sends to a queue on disk from several hands at once, and prints each id that was acknowledged.

import { writeSync } from 'node:fs';
import * as v from 'valibot';
import { openQueues } from '../../local/sqs/store.ts';
import { account, definition } from './sqs_endpoint.ts';

const Sent = v.object({ MessageId: v.string() });
const store = await openQueues({
  path: process.argv[2] ?? '',
  definitions: [definition('jobs')],
  failed: () => process.exit(1),
});
const QueueUrl = `http://127.0.0.1/${account}/jobs`;
/** More than anybody lets it send. */
const most = 100_000;

const hand = async (name: number): Promise<void> => {
  for (let at = 0; at < most; at += 1) {
    const { MessageId } = v.parse(Sent, await store.call('SendMessage', { QueueUrl, MessageBody: `${name}/${at}` }));
    writeSync(1, `${MessageId}\n`);
  }
};
await Promise.all([1, 2, 3, 4].map(hand));
