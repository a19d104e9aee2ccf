// Events that the relay could not fan out, because their owner's endpoints could not be read, or because another region took
// writes then: asked again here, where a failure holds up this owner alone.

import { presentEvents } from '../../events/store.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { fanOutTasks } from '../fan_out.ts';
import { type MessageOf, postFollowing } from '../message.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './work.ts';

export async function fanOutLater(
  { platform }: DeliverPorts,
  message: MessageOf<'fan_out'>,
  work: Work,
): Promise<void> {
  const { tenant, mode, events: ids } = message;
  const events = await presentEvents(platform, message, ids);
  const tasks = await fanOutTasks(platform, { tenant, mode }, events);
  const posted = tasks.map((task) => ({ message: { ...task, maybe_begun: message.maybe_begun } }));
  if (posted.length > 0 && !(await postFollowing(platform, work, posted))) {
    throw new Defect('a fan-out stands at the end of a chain of messages');
  }
}
