// `strongroom trigger EVENT`: makes an event happen by real calls to the local cloud, and waits until the API lists it.

import { setTimeout } from 'node:timers/promises';
import { events } from '../../contract/kernel/vocabulary.ts';
import type { Event, Strongroom } from '../../sdk/src/index.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { clientOf, localCloud, localOptions, localUsage, toUserError } from '../local_cloud.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const usage = `Makes an event happen in the local cloud that npm start runs, by the calls that
any merchant makes.

  strongroom trigger payment.captured [options]
  strongroom trigger --list      lists the events and what each call does

${localUsage}
  -h, --help     this text
`;

const waitMs = 10_000;
const pollMs = 200;

const widest = Math.max(...Object.keys(scenarios).map(({ length }) => length));
const list = Object.entries(scenarios)
  .map(([type, { does }]) => `  ${type.padEnd(widest)}  ${does}`)
  .join('\n');

export const triggerCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom trigger', args, {
    list: { type: 'boolean', default: false },
    ...localOptions,
    help,
  });
  const [type, ...more] = positionals;
  if (values.help || (type === undefined && !values.list)) return console.log(usage);
  if (values.list) return console.log(list);
  if (more.length > 0) throw new Usage('One event at a time. See strongroom trigger --help.');
  const scenario = Object.entries(scenarios).find(([name]) => name === type)?.[1];
  if (type === undefined || scenario === undefined) {
    const why = Object.hasOwn(events, type ?? '') ? 'No call makes it happen here' : 'There is no such event';
    throw new Usage(`${why}: ${type}. These can be triggered:\n\n${list}\n`);
  }
  const cloud = await localCloud(values);
  const client = clientOf(cloud, (method, path, status) => {
    if (!path.startsWith('/v1/events')) console.log(`${method.padEnd(6)} ${path}  ${status}`);
  });
  try {
    const event = await trigger(client, type, scenario);
    console.log(`${type}  ${event.id}`);
  } catch (thrown) {
    throw toUserError(thrown, cloud);
  }
};

/** The event that was made to happen. */
export async function trigger(client: Strongroom, type: string, { play }: Scenario): Promise<Event> {
  const object = await play(client);
  const until = Date.now() + waitMs;
  while (Date.now() < until) {
    const { data } = await client.events.list({ limit: 100 }).page();
    const found = data.find((event) => event.type === type && event.data.id === object);
    if (found !== undefined) return found;
    await setTimeout(pollMs);
  }
  throw new Error(`${type} of ${object} did not appear within ${waitMs / 1000} s`);
}
