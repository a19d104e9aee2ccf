// Connections that are used again: only by attempts at the same URL, so that no endpoint meets what another left behind,
// and only within the term in which they were opened and checked. None comes from anywhere but connect.ts.

import * as http from 'node:http';
import * as https from 'node:https';
import { Socket } from 'node:net';
import { attemptLimits as limits } from '../../../contract/webhooks/limits.ts';
import { connect, internet, type Network } from './connect.ts';

export interface ConnectionPool {
  readonly clock: Network['clock'];
  /** Connections to an HTTPS endpoint that may have been used before. */
  reusable(url: URL): http.Agent;
  /** A connection for one request. */
  fresh(url: URL): http.Agent;
}

export function connectionPool(network: Network = internet): ConnectionPool {
  const agentFor = (url: URL, options: http.AgentOptions): http.Agent => {
    const agent = new (url.protocol === 'https:' ? https.Agent : http.Agent)(options);
    agent.createConnection = (_options, done) => {
      connect(url, network).then(
        (socket) => done?.(null, socket),
        // The type wants a socket with an error too; Node leaves it alone.
        (error: Error) => done?.(error, new Socket()),
      );
      return null;
    };
    return agent;
  };
  const fresh = (url: URL) => agentFor(url, { keepAlive: false });
  let agents = new Map<string, http.Agent>();
  let sinceMs = network.clock();
  return {
    clock: network.clock,
    fresh,
    reusable(url) {
      // Not on loopback: whoever listens there comes and goes.
      if (url.protocol !== 'https:') return fresh(url);
      const ageMs = network.clock() - sinceMs;
      const found = agents.get(url.href);
      const current = ageMs >= 0 && ageMs < limits.connectionLifetimeMs;
      if (current && found !== undefined) return found;
      if (!current || agents.size >= limits.connectedEndpoints) {
        for (const agent of agents.values()) retire(agent);
        agents = new Map();
        sinceMs = network.clock();
      }
      const agent = agentFor(url, {
        keepAlive: true,
        maxFreeSockets: limits.idlePerEndpoint,
        timeout: limits.idleConnectionMs,
      });
      agents.set(url.href, agent);
      return agent;
    },
  };
}

/** What is idle ends now, what is in use ends with its request. */
function retire(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}
