// Private addresses as an attacker would write them: none becomes an endpoint, and no attempt at one resolves or dials.

import { describe, expect, test } from 'vitest';
import { attempt } from '../../lambdas/webhooks/http/attempt.ts';
import { connectionPool } from '../../lambdas/webhooks/http/connection_pool.ts';
import { checkEndpointUrl } from '../../lambdas/webhooks/http/endpoint_url.ts';
import { ipv4Number, ipv6Number } from './hostile/blocks.ts';
import { delivery, leadingTo } from './hostile/endpoint.ts';
import { brokenIpv4, brokenIpv6, carriers, colons, dotted, ipv4Spellings, ipv6Spellings } from './hostile/spellings.ts';

const ipv4 = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254', // metadata of clouds
  '169.254.170.2', // credentials of ECS tasks
  '169.254.100.1', // inside a Lambda sandbox
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192', // metadata of Oracle's cloud
  '192.168.1.1',
  '198.18.0.1',
  '100.100.100.200', // metadata of Alibaba's cloud
  '224.0.0.1',
  '255.255.255.255',
].map(ipv4Number);
const ipv6 = [
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd00:ec2::254',
  'fec0::1',
  'ff02::1',
  '64:ff9b:1::1',
  '5f00::1',
  '100::1',
].map(ipv6Number);

const hosts = [
  ...ipv4.flatMap((address) => [
    ...ipv4Spellings(address),
    ...brokenIpv4(dotted(address)),
    ...carriers(address).flatMap(ipv6Spellings),
  ]),
  ...ipv6.flatMap((address) => [...ipv6Spellings(address), ...brokenIpv6(colons(address))]),
];
const urls = [...new Set(hosts)].map((host) => `https://${host}/hooks`);

const names = {
  special_use: [
    'localhost',
    'LOCALHOST',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'local\u{ad}host',
    'a.localhost',
    'localhost.localdomain',
    'printer.local',
    'metadata.google.internal',
    'ip-10-0-0-1.ec2.internal',
    'router.home.arpa',
    '1.0.0.10.in-addr.arpa',
    'ipv4only.arpa',
    'facebookcorewwwi.onion',
    'hooks.merchant.test',
    'hooks.merchant.example',
    'hooks.merchant.invalid',
    'gnu.alt',
    'wiki.corp',
    'nas.lan',
    'x.intranet',
    'x.private',
    'x.home',
    'x.mail',
  ],
  host: [
    'merchant',
    'metadata',
    'localhost.',
    'a.localhost.',
    'merchant.com.',
    'merchant..com',
    '.merchant.com',
    'under_score.com',
    '-a.com',
    'a-.com',
    'a.1x',
    'a.b-',
    'xn--',
    'a.c',
    'a*.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(126)}com`,
  ],
};

describe('[WHK-3] what may not be an endpoint', () => {
  test('at least 400 spellings of private addresses: all refused, nothing resolved, nothing dialled', async () => {
    expect(urls.length).toBeGreaterThanOrEqual(400);
    const journey = leadingTo(1);
    const way = connectionPool(journey);
    for (const url of urls) {
      expect(checkEndpointUrl(url).kind, url).toBe('refused');
      expect((await attempt(delivery({ url }), way)).kind, url).toBe('refused');
    }
    expect({ resolved: journey.resolved, dialled: journey.dialled }).toEqual({ resolved: [], dialled: [] });
  });

  test.each(Object.entries(names))('names refused as %s', (reason, refused) => {
    for (const name of refused) {
      expect(checkEndpointUrl(`https://${name}/`), name).toEqual({ kind: 'refused', reason });
      expect(checkEndpointUrl(`https://${name}:8443/`), name).toEqual({ kind: 'refused', reason });
    }
  });

  test.each([
    ['', 'malformed'],
    ['merchant.com', 'malformed'],
    ['//merchant.com', 'malformed'],
    ['https://', 'malformed'],
    ['https://merchant.com:99999/', 'malformed'],
    ['https://mer chant.com/', 'malformed'],
    ['https://merchant.com/\n', 'malformed'],
    ['ht\ttps://merchant.com/', 'malformed'],
    ['https:\\\\merchant.com\\', 'malformed'],
    ['https://merchant.com/\u{0}', 'malformed'],
    ['http://merchant.com/', 'not_https'],
    ['ftp://merchant.com/', 'not_https'],
    ['wss://merchant.com/', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['data:text/plain,hello', 'not_https'],
    ['javascript:alert(1)', 'not_https'],
    ['blob:https://merchant.com/1', 'not_https'],
    ['https://user@merchant.com/', 'user_info'],
    ['https://:secret@merchant.com/', 'user_info'],
    ['https://merchant.com/#', 'fragment'],
    ['https://merchant.com/#part', 'fragment'],
    ['https://merchant.com:80/', 'port'],
    ['https://merchant.com:0/', 'port'],
    ['https://merchant.com:22/', 'port'],
    ['https://merchant.com:9443/', 'port'],
    [`https://merchant.com/${'a'.repeat(2_048)}`, 'too_long'],
    [`https://merchant.com/${'é'.repeat(1_000)}`, 'too_long'],
  ])('%j is refused as %s', (url, reason) => {
    expect(checkEndpointUrl(url)).toEqual({ kind: 'refused', reason });
  });
});

describe('[WHK-1] what may be an endpoint', () => {
  test.each([
    ['HTTPS://Hooks.Merchant.COM/A?b=C', 'https://hooks.merchant.com/A?b=C'],
    ['https://merchant.com', 'https://merchant.com/'],
    ['https://merchant.com:443/', 'https://merchant.com/'],
    ['https://merchant.com:8443/', 'https://merchant.com:8443/'],
    ['https://münchen.de/zahlung', 'https://xn--mnchen-3ya.de/zahlung'],
    ['https://例え.jp/', 'https://xn--r8jz45g.jp/'],
    ['https://пример.рф/', 'https://xn--e1afmkfd.xn--p1ai/'],
    [`https://${'a'.repeat(63)}.com/`, `https://${'a'.repeat(63)}.com/`],
    [`https://merchant.com/${'a'.repeat(2_027)}`, `https://merchant.com/${'a'.repeat(2_027)}`],
  ])('%j is accepted as %j', (text, href) => {
    const checked = checkEndpointUrl(text);
    expect(checked.kind === 'accepted' && checked.url.href).toBe(href);
  });

  const open =
    '1.0.0.1 1.1.1.1 8.8.8.8 9.9.9.9 9.255.255.255 11.0.0.0 52.95.110.1 93.184.216.34 100.63.255.255 100.128.0.0 ' +
    '126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.1 ' +
    '192.0.3.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 203.0.112.1 203.0.114.1 223.255.255.255 ' +
    '[2000::1] [2001:200::1] [2001:4860:4860::8888] [2001:db7::1] [2003::1] [2400:cb00::1] [2600:1f18::1] ' +
    '[2606:4700:4700::1111] [2620:fe::fe] [2800:3f0::1] [2a00:1450::1] [2a10::1] [2c0f:fb50::1] ' +
    'merchant.com hooks.merchant.co.uk api.merchant.io a1.merchant.dev 1.merchant.com 3m.com x.com localhost.com ' +
    'internal.merchant.com local.merchant.com test.merchant.com 10.0.0.1.nip.io example.com www.example.org ' +
    'xn--mnchen-3ya.de merchant.museum arpa.com';

  test('public names and addresses are not refused', () => {
    const list = open.split(' ');
    expect(new Set(list).size).toBeGreaterThanOrEqual(50);
    for (const host of list) expect(checkEndpointUrl(`https://${host}/`).kind, host).toBe('accepted');
  });
});

describe('[WHK-3] the loopback origin of the local cloud', () => {
  const origin = 'http://127.0.0.1:4100';
  const accepts = (text: string, loopback?: string) => checkEndpointUrl(text, loopback).kind === 'accepted';

  test('exactly one origin is open, and only where it is given', () => {
    expect(accepts(`${origin}/hooks`, origin)).toBe(true);
    expect(accepts(`${origin}/hooks`)).toBe(false);
    for (const other of [
      'http://127.0.0.1:4101/',
      'https://127.0.0.1:4100/',
      'http://127.0.0.2:4100/',
      'http://localhost:4100/',
      'http://127.0.0.1/',
      'http://[::1]:4100/',
      'http://a@127.0.0.1:4100/',
      'http://127.0.0.1:4100/#',
    ]) {
      expect(accepts(other, origin), other).toBe(false);
    }
  });

  test('a value that names anything else opens nothing', () => {
    for (const wrong of [
      'http://10.0.0.1',
      'http://localhost:4100',
      'http://merchant.com',
      'http://[::1]:4100',
      'ftp://127.0.0.1',
      'null',
      '',
    ]) {
      expect(accepts(`${wrong}/`, wrong), wrong).toBe(false);
    }
    expect(checkEndpointUrl('data:text/plain,hello', 'null').kind).toBe('refused');
  });
});
