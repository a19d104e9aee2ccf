// Listening on loopback: at a required port or not at all, at a remembered port if it is still free, otherwise at any free
// one. Nothing here may ever listen on another address than 127.0.0.1.

import { createServer, type Server } from 'node:net';
import { UserError } from './user_error.ts';

export const loopback = '127.0.0.1';

export interface PortPreference {
  /** No other port will do. */
  readonly required?: number | undefined;
  /** Taken if it is free. */
  readonly remembered?: number | undefined;
  /** What will listen, for messages. */
  readonly what: string;
}

const tryListen = (server: Server, port: number): Promise<number | 'in use'> =>
  new Promise((resolve, reject) => {
    const failed = (thrown: NodeJS.ErrnoException): void => {
      if (thrown.code === 'EADDRINUSE') resolve('in use');
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

/** Resolves with the port. */
export const listen = async (server: Server, { required, remembered, what }: PortPreference): Promise<number> => {
  if (required !== undefined) {
    const port = await tryListen(server, required);
    if (port !== 'in use') return port;
    throw new UserError(`Port ${required} (${what}) is taken. Choose others with --port, or leave it out.`);
  }
  if (remembered !== undefined) {
    const port = await tryListen(server, remembered);
    if (port !== 'in use') return port;
  }
  const port = await tryListen(server, 0);
  if (port === 'in use') throw new UserError(`No free port for ${what}.`);
  return port;
};

/** Finds a port for a process that will listen on it itself. */
export const claimPort = async (preference: PortPreference): Promise<number> => {
  const probe = createServer();
  const port = await listen(probe, preference);
  await new Promise((resolve) => probe.close(resolve));
  return port;
};
