// The in-memory engine as a process of its own: `main.ts --port 8000 --journal file --region us-east-1`. It ends at
// SIGTERM with everything on disk, and at once if the disk refuses.

import { parseArgs } from 'node:util';
import { listen } from '../../host/ports.ts';
import { messageOf } from '../../host/user_error.ts';
import { openJournal } from './journal.ts';
import { createDynamoDbServer } from './server.ts';

/** How often expired items are looked for. */
const expiryMs = 1_000;
const account = '000000000000';

const { values } = parseArgs({
  options: { port: { type: 'string' }, journal: { type: 'string' }, region: { type: 'string' } },
});

const say = (text: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
};

const end = (thrown: unknown): never => {
  say(messageOf(thrown));
  process.exit(1);
};

const start = async (port: string, path: string, region: string): Promise<void> => {
  const journal = await openJournal(path, { region, account, now: Date.now }, end);
  const server = createDynamoDbServer(journal, (thrown) =>
    say(thrown instanceof Error ? `${thrown.stack}` : `${thrown}`),
  );
  server.keepAliveTimeout = 60_000;
  await listen(server, { required: Number(port), what: 'the DynamoDB engine' });
  setInterval(() => {
    journal.expire();
    journal.settled().catch(end);
  }, expiryMs).unref();
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    journal.close().then(() => process.exit(0), end);
  });
};

const { port, journal, region } = values;
if (port === undefined || journal === undefined || region === undefined) {
  end(new Error('Usage: main.ts --port <port> --journal <file> --region <region>'));
} else start(port, journal, region).catch(end);
