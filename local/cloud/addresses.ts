// Where a local cloud answers: its ports and credentials, in its state folder, so that a restart uses the same ports and commands
// find them.

import * as v from 'valibot';
import { claimPort, loopback } from '../host/ports.ts';

export { loopback } from '../host/ports.ts';

export const portsFile = 'ports.json';

export const Ports = v.object({
  /** By zone. */
  api: v.record(v.string(), v.number()),
  /** By region, of zones that run both. */
  regions: v.optional(v.record(v.string(), v.number())),
  processor: v.number(),
  control: v.number(),
  /** Absent in folders that are older than it. */
  listen: v.optional(v.number()),
});
export type Ports = v.InferOutput<typeof Ports>;

export const deployerFile = 'deployer.json';

/** How commands reach this cloud as its deployer, until it ends: each start makes new credentials. */
export const Deployer = v.object({
  stage: v.string(),
  endpoint: v.string(),
  credentials: v.object({ accessKeyId: v.string(), secretAccessKey: v.string(), sessionToken: v.string() }),
});

export const url = (port: number): string => `http://${loopback}:${port}`;

const quiet = { from: 20_000, count: 10_000, tries: 20 } as const;

/**
 * The port at which webhooks of the test mode may be received (`strongroom listen`). The local cloud never listens there
 * itself, so the folder always keeps it, and a listener goes on while the local cloud restarts. It lies below the ports that
 * operating systems assign by themselves, where another program would soon listen.
 */
export const listenPort = async (remembered: number | undefined): Promise<number> => {
  if (remembered !== undefined) return remembered;
  const what = 'strongroom listen';
  for (let tries = 0; tries < quiet.tries; tries += 1) {
    const wished = quiet.from + Math.floor(Math.random() * quiet.count);
    const port = await claimPort({ remembered: wished, what });
    if (port === wished) return port;
  }
  return claimPort({ what });
};
