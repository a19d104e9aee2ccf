// What undoes the steps of the boot, the last one first: after a step that failed, and when the local cloud stops.

import type { Server } from 'node:http';

export interface Rollback {
  add(undo: () => Promise<void> | void): void;
  /** Closes the server with the rest; returns it. */
  closing(server: Server): Server;
  run(): Promise<void>;
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

export const createRollback = (): Rollback => {
  const undos: (() => Promise<void> | void)[] = [];
  return {
    add: (undo) => void undos.push(undo),
    closing(server) {
      undos.push(() => close(server));
      return server;
    },
    async run() {
      for (const undo of undos.splice(0).reverse()) await undo();
    },
  };
};
