// Names that lead where no delivery may go. The resolver is the attacker's: it answers what it likes, as often as it likes.

import { execFile } from 'node:child_process';
import { createServer as createTcpServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { attemptLimits as limits } from '../../contract/webhooks/limits.ts';
import { attempt } from '../../lambdas/webhooks/http/attempt.ts';
import { connect, internet } from '../../lambdas/webhooks/http/connect.ts';
import { connectionPool } from '../../lambdas/webhooks/http/connection_pool.ts';
import { selfSigned } from './hostile/certificates.ts';
import { delivery, endpoint, host, http, leadingTo, listen, publicAddress, slackMs } from './hostile/endpoint.ts';

const refused = { kind: 'refused', reason: 'address_not_public' };

describe('[WHK-3] a name', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.0.53.53',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '224.0.0.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:93.184.216.34',
    '::127.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::1',
    '2001:0:5db8:d822::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '2606:4700::1111%eth0',
    'merchant.com',
    '',
  ])('that resolves to %j is refused, nothing is dialled', async (address) => {
    const journey = leadingTo(1, [address]);
    expect(await attempt(delivery(), connectionPool(journey))).toMatchObject(refused);
    expect(journey.dialled).toEqual([]);
  });

  test('with one public and one private address is refused, in either order', async () => {
    const many = Array.from({ length: 500 }, () => publicAddress);
    for (const answer of [
      [publicAddress, '10.0.0.1'],
      ['10.0.0.1', publicAddress],
      ['2606:4700::1111', '::1'],
      [...many, '10.0.0.1'],
    ]) {
      const journey = leadingTo(1, answer);
      expect(await attempt(delivery(), connectionPool(journey))).toMatchObject(refused);
      expect(journey.dialled).toEqual([]);
    }
  });

  test('is resolved once: what a second answer would be is never asked', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const journey = leadingTo(there.port, [publicAddress], ['127.0.0.1']);
    expect(await attempt(delivery(), connectionPool(journey))).toMatchObject({ status: 200 });
    expect(journey).toMatchObject({ resolved: [host], dialled: [`${publicAddress} 443`] });
  });

  test('is resolved and checked anew for the second connection that replaces a closed one', async () => {
    const there = await endpoint((socket, request) => (request === 1 ? socket.write(http(200)) : socket.destroy()));
    const journey = leadingTo(there.port, [publicAddress], ['127.0.0.1']);
    const pool = connectionPool(journey);
    expect(await attempt(delivery(), pool)).toMatchObject({ status: 200 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await attempt(delivery(), pool)).toMatchObject(refused);
    expect(journey.dialled).toEqual([`${publicAddress} 443`]);
  });

  test('without an address, or unknown, is a failure of DNS', async () => {
    const nothing = leadingTo(1, []);
    expect(await attempt(delivery(), connectionPool(nothing))).toMatchObject({ kind: 'failed', reason: 'dns' });
    const unknown = { ...nothing, resolve: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await attempt(delivery(), connectionPool(unknown))).toMatchObject({ kind: 'failed', reason: 'dns' });
  });

  test('that takes too long to resolve ends with the deadline; what is opened for it later carries nothing of it', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const there = await endpoint((socket) => socket.write(http(200)));
    const pool = connectionPool({ ...leadingTo(there.port), resolve: () => promise });
    const late = await attempt(delivery({ deadlineMs: 200 }), pool);
    expect(late).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(late.latencyMs).toBeLessThan(200 + slackMs);
    resolve([publicAddress]);
    await expect.poll(() => there.connections.length).toBe(1);
    expect(await attempt(delivery(), pool)).toMatchObject({ status: 200 });
    expect(there.received().match(/POST/g)).toHaveLength(1);
  });

  test('with more addresses than the limit is dialled at the first of them', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const many = Array.from({ length: 100 }, (_, n) => `93.184.216.${n}`);
    const journey = leadingTo(there.port, many);
    await attempt(delivery(), connectionPool(journey));
    expect(journey.dialled).toEqual(many.slice(0, limits.maxAddressesTried).map((address) => `${address} 443`));
  });
});

describe('[WHK-3] a redirect', () => {
  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://hooks.merchant.com/again',
    '//10.0.0.1/',
  ])('to %s is answered as it is and not followed', async (location) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const there = await endpoint((socket) => socket.write(http(status, '', [`location: ${location}`])));
      const journey = leadingTo(there.port);
      expect(await attempt(delivery(), connectionPool(journey))).toMatchObject({ kind: 'answered', status });
      expect(journey).toMatchObject({ resolved: [host], dialled: [`${publicAddress} 443`] });
      expect(there.received().match(/POST/g)).toHaveLength(1);
    }
  });
});

describe('[WHK-3] the outermost step, as it is in AWS', () => {
  test('dials the addresses that it is given, the next when one refuses, and resolves nothing', async () => {
    const { port } = await listen(createTcpServer());
    for (const addresses of [['127.0.0.1'], ['127.0.0.2', '127.0.0.1'], ['::1', '127.0.0.1']]) {
      const socket = internet.dial(addresses, port);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      expect(socket.remoteAddress).toBe('127.0.0.1');
      socket.destroy();
    }
  });

  test('plain HTTP is dialled at 127.0.0.1, whatever host it names', async () => {
    const journey = leadingTo((await listen(createTcpServer())).port);
    (await connect(new URL('http://10.0.0.1:8080/'), journey)).destroy();
    expect(journey).toMatchObject({ resolved: [], dialled: ['127.0.0.1 8080'] });
  });

  test('hosts files and search lists have no say: a name is complete', async () => {
    await expect(internet.resolve('localhost')).rejects.toThrow(/getaddrinfo \w+ localhost\.$/);
  });

  test('no environment variable weakens TLS, loosens the parser or puts a proxy in between', async () => {
    const there = await endpoint((socket) => socket.write(http(200)), selfSigned([host]));
    let proxied = 0;
    const proxy = createTcpServer((socket) => {
      proxied += 1;
      socket.destroy();
    });
    const address = `http://127.0.0.1:${(await listen(proxy)).port}`;
    const child = new URL('hostile/environment_child.ts', import.meta.url).pathname;
    const env = {
      ...process.env,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_USE_ENV_PROXY: '1',
      NODE_OPTIONS: '--insecure-http-parser --tls-min-v1.0',
      HTTP_PROXY: address,
      HTTPS_PROXY: address,
      ALL_PROXY: address,
      https_proxy: address,
    };
    const { stdout } = await promisify(execFile)(process.execPath, [child, String(there.port)], { env });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'failed', reason: 'tls' });
    expect(proxied).toBe(0);
    expect(there.received()).toBe('');
  });
});
