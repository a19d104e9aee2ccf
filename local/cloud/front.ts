// What a name in Route 53 is on this machine: an address whose new connections go to the region that leads. Connections that are
// open stay where they are, as they do when a name changes.

import { connect, createServer, type Server, type Socket } from 'node:net';
import { loopback } from '../host/ports.ts';

export interface Front {
  readonly server: Server;
  /** New connections go to this port from now on. */
  lead(port: number): void;
  close(): Promise<void>;
}

/** Whichever side ends or fails ends the other. */
const join = (one: Socket, other: Socket): void => {
  one.on('error', () => other.destroy());
  one.on('close', () => other.destroy());
  one.pipe(other);
};

export const createFront = (): Front => {
  let leading: number | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (leading === undefined) return void client.destroy();
    const region = connect({ host: loopback, port: leading });
    open.add(client);
    client.once('close', () => open.delete(client));
    join(client, region);
    join(region, client);
  });
  return {
    server,
    lead(port) {
      leading = port;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of open) client.destroy();
      }),
  };
};
