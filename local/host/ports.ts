// Listening on loopback: told ports or a complaint, remembered ports if they are still free, free ports otherwise.
// Nothing here may ever listen on another address than 127.0.0.1.

import { createServer, type Server } from 'node:net';
import { UserError } from './user_error.ts';

export const loopback = '127.0.0.1';

const tryListen = (server: Server, port: number): Promise<number | 'taken'> =>
  new Promise((resolve, reject) => {
    const failed = (thrown: NodeJS.ErrnoException): void => {
      if (thrown.code === 'EADDRINUSE') resolve('taken');
      else if (thrown.code === 'EACCES') reject(new UserError(`Port ${port} needs privileges. Choose one above 1023.`));
      else reject(thrown);
    };
    server.once('error', failed);
    server.listen(port, loopback, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** `told` must be had; `remembered` is merely preferred. Resolves with the port. */
export const listen = async (
  server: Server,
  wish: { readonly told?: number | undefined; readonly remembered?: number | undefined; readonly what: string },
): Promise<number> => {
  if (wish.told !== undefined) {
    const port = await tryListen(server, wish.told);
    if (port !== 'taken') return port;
    throw new UserError(`Port ${wish.told} (${wish.what}) is taken. Choose others with --port, or leave it out.`);
  }
  if (wish.remembered !== undefined) {
    const port = await tryListen(server, wish.remembered);
    if (port !== 'taken') return port;
  }
  const port = await tryListen(server, 0);
  if (port === 'taken') throw new UserError(`No free port for ${wish.what}.`);
  return port;
};

/** Finds a port for a process that will listen on it itself. */
export const claimPort = async (wish: Parameters<typeof listen>[1]): Promise<number> => {
  const probe = createServer();
  const port = await listen(probe, wish);
  await new Promise((resolve) => probe.close(resolve));
  return port;
};
