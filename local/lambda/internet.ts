// The internet, as a function's process sees it: hosts that a stand-in on this machine speaks for are reached there, without TLS;
// every other host is what it is.

import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/** By host, which may begin with `*`: the origin of its stand-in. */
export type Hosts = Readonly<Record<string, string>>;

/** Undefined: nothing on this machine speaks for it. */
export function standInOf(hosts: Hosts, hostname: string): string | undefined {
  const name = Object.keys(hosts).find((host) =>
    host.startsWith('*') ? hostname.endsWith(host.slice(1)) : hostname === host,
  );
  return name === undefined ? undefined : hosts[name];
}

/** Before anything is loaded that takes hold of `https.request`. */
export function reachStandIns(hosts: Hosts): void {
  const { request } = https;
  const instead = (url: unknown, options: https.RequestOptions, ...rest: never[]): http.ClientRequest => {
    const origin = url instanceof URL ? standInOf(hosts, url.hostname) : undefined;
    if (origin === undefined || !(url instanceof URL)) return request(url as URL, options, ...rest);
    const { agent: _, ...others } = options;
    return http.request(new URL(`${url.pathname}${url.search}`, origin), others, ...rest);
  };
  https.request = instead as typeof https.request;
  syncBuiltinESMExports();
}
