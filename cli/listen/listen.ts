// `strongroom listen`: receives the local cloud's webhooks on this machine, prints them, and forwards them. It listens on
// 127.0.0.1 and forwards to loopback. One listener runs for each state folder.

import { url } from '../../local/cloud/addresses.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { clientOf, localCloud, localOptions, localUsage, loopbackUrl, toUserError } from '../local_cloud.ts';
import {
  type EventFilter,
  isEventFilter,
  type ListenEndpoint,
  provideEndpoint,
  restEndpoint,
  untilVerified,
} from './endpoint.ts';
import { jsonLines, plainLines } from './lines.ts';
import { close, open } from './port.ts';
import { createReceiver, deliveryPath } from './receiver.ts';

const usage = `Receives the webhooks of the local cloud that npm start runs, prints them, and
forwards them.

  strongroom listen --forward-to http://localhost:3000/hooks [options]

  --forward-to URL
                 your server on this machine; it receives body and headers as
                 they were sent, and its answer is returned: a delivery that
                 fails is attempted again, as in production
                 (default: prints only, and answers 200)
  --events LIST  only these events, separated by commas:
                 payment.*,refund.succeeded          (default: all)
  --json         one JSON object for each line
${localUsage}
  -h, --help     this text

The endpoint's secret is printed. It stays the same as long as the state folder
exists. While nothing listens, deliveries wait, and arrive when you listen
again.
`;

export const listenCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom listen', args, {
    'forward-to': { type: 'string' },
    events: { type: 'string', default: '*' },
    json: { type: 'boolean', default: false },
    ...localOptions,
    help,
  });
  if (values.help) return console.log(usage);
  if (positionals.length > 0) throw new Usage(`Unknown word: ${positionals[0]}. See strongroom listen --help.`);
  const cloud = await localCloud(values);
  const at = url(cloud.listenPort) + deliveryPath;
  const forwardTo = values['forward-to'] === undefined ? null : target(values['forward-to'], cloud.listenPort);
  const events = values.events.split(',').map(filter);
  const lines = values.json ? jsonLines : plainLines;
  const client = clientOf(cloud);
  const stopped = signalled();
  const endpoint = Promise.withResolvers<ListenEndpoint>();
  const secret = endpoint.promise.then((made) => made.secret);
  secret.catch(() => {});
  const report = (received: Parameters<typeof lines.received>[0]): void => console.log(lines.received(received));
  const server = createReceiver({ secret, forwardTo, report: report });
  await open(server, cloud.listenPort, cloud.state);
  try {
    const made = await provideEndpoint(client, cloud.state, { url: at, events });
    endpoint.resolve(made);
    await untilVerified(client, made);
    console.log(lines.started({ at, endpoint: made, events, forwardTo }));
    await stopped;
    const rests = await restEndpoint(client, made).then(
      () => true,
      () => false,
    );
    console.log(lines.stopped(rests));
  } catch (thrown) {
    endpoint.reject(thrown);
    throw toUserError(thrown, cloud);
  } finally {
    await close(server);
  }
};

function filter(text: string): EventFilter {
  const name = text.trim();
  if (isEventFilter(name)) return name;
  throw new Usage(`Unknown event filter: ${name}. Expected *, a family such as payment.*, or an event type.`);
}

function target(text: string, listenPort: number): URL {
  const found = loopbackUrl(text);
  if (found === null)
    throw new Usage(`--forward-to takes an address of this machine such as http://localhost:3000/hooks, not ${text}.`);
  if (Number(found.port || 80) === listenPort)
    throw new Usage('--forward-to names the port of strongroom listen itself.');
  return found;
}

/** The first signal stops cleanly; a second one ends everything. */
const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
