// A connection to an endpoint: resolve, check, dial, TLS. What is dialled is what was checked, addresses and never names,
// so nothing is resolved twice; TLS is verified always; plain HTTP reaches 127.0.0.1 and nothing else.

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { attemptLimits as limits } from '../../../contract/webhooks/limits.ts';
import { type Clock, systemClock } from '../../kernel/platform/clock.ts';
import { isPublicAddress } from './address.ts';
import { hostOf } from './endpoint_url.ts';

/** What an attempt uses of the network; tests give their own and leave all else as it is. */
export interface Network {
  readonly clock: Clock;
  /** Every address of a name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Opens TCP to one of the addresses. */
  readonly dial: (addresses: readonly string[], port: number) => net.Socket;
  /** PEM of the authorities that vouch for endpoints; null: Node's own list. */
  readonly authorities: string | null;
}

export const internet: Network = {
  clock: systemClock,
  // The dot keeps the search list of resolv.conf out: a name is complete.
  resolve: async (name) => (await lookup(`${name}.`, { all: true })).map(({ address }) => address),
  dial: (addresses, port) => {
    const known = addresses.map((address) => ({ address, family: net.isIP(address) }));
    return net.connect({
      // Node asks `lookup` for whatever is no address, and takes its whole answer.
      host: 'checked',
      port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: limits.dialEachMs,
      lookup: (_name, _options, answer) => answer(null, known),
    });
  },
  authorities: null,
};

export type ConnectFailure = 'dns' | 'connect' | 'tls' | 'timeout' | 'address_not_public';

export class NotConnected extends Error {
  readonly reason: ConnectFailure;

  constructor(reason: ConnectFailure) {
    super(reason);
    this.reason = reason;
  }
}

/** `url` was accepted (endpoint_url.ts). Throws NotConnected, within the limit `connectMs`. */
export async function connect(url: URL, network: Network): Promise<net.Socket> {
  const signal = AbortSignal.timeout(limits.connectMs);
  if (url.protocol !== 'https:') {
    return ready(network.dial(['127.0.0.1'], Number(url.port || 80)), 'connect', 'connect', signal);
  }
  const host = hostOf(url);
  const literal = net.isIP(host) !== 0;
  const addresses = literal ? [host] : await resolved(network.resolve(host), signal);
  // One that is not public condemns the rest: nobody serves the public and a private network under one name.
  if (!addresses.every(isPublicAddress)) throw new NotConnected('address_not_public');
  const dialled = network.dial(addresses.slice(0, limits.maxAddressesTried), Number(url.port || 443));
  const socket = await ready(dialled, 'connect', 'connect', signal);
  const secure = tls.connect({
    socket,
    host,
    // RFC 6066 (3): no address in SNI. The certificate must be for `host` either way.
    servername: literal ? '' : host,
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    // Said, because an environment variable could say otherwise.
    rejectUnauthorized: true,
    ...(network.authorities !== null && { ca: network.authorities }),
  });
  return ready(secure, 'secureConnect', 'tls', signal);
}

async function resolved(answer: Promise<readonly string[]>, signal: AbortSignal): Promise<readonly string[]> {
  const addresses = await Promise.race([answer, once(signal, 'abort').then(() => [])]).catch(() => []);
  if (signal.aborted) throw new NotConnected('timeout');
  if (addresses.length === 0) throw new NotConnected('dns');
  return addresses;
}

async function ready(
  socket: net.Socket,
  event: 'connect' | 'secureConnect',
  failure: 'connect' | 'tls',
  signal: AbortSignal,
): Promise<net.Socket> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch {
    socket.destroy();
    throw new NotConnected(signal.aborted ? 'timeout' : failure);
  }
}
