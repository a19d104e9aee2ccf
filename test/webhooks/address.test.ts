// The public address space, against a second copy of it in whole numbers; and in every spelling of an address.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../lambdas/webhooks/http/address.ts';
import { checkEndpointUrl } from '../../lambdas/webhooks/http/endpoint_url.ts';
import { bitsOf, closed, type Family, ipv6Number, isClosed } from './hostile/blocks.ts';
import { carriers, colons, dotted, ipv4Spellings, ipv6Spellings } from './hostile/spellings.ts';

const written = (family: Family, address: bigint): string => (family === 'ipv4' ? dotted(address) : colons(address));
const spellings = (family: Family, address: bigint): string[] =>
  family === 'ipv4' ? ipv4Spellings(address) : ipv6Spellings(address);
const verdict = (host: string): string => {
  const checked = checkEndpointUrl(`https://${host}/hooks`);
  return checked.kind === 'accepted' ? checked.kind : checked.reason;
};

const anywhere = (family: Family) => fc.bigInt({ min: 0n, max: (1n << bitsOf(family)) - 1n });
const openIpv4 = anywhere('ipv4').filter((address) => !isClosed('ipv4', address));
const openIpv6 = fc
  .bigInt({ min: ipv6Number('2000::'), max: ipv6Number('3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff') })
  .filter((address) => !isClosed('ipv6', address));
const closedAddress = fc
  .constantFrom(...closed)
  .chain(({ family, first, last }) =>
    fc.record({ family: fc.constant(family), address: fc.bigInt({ min: first, max: last }) }),
  );

describe('[WHK-3] the public address space', () => {
  test('each closed block is closed from its first address to its last', () => {
    for (const { family, first, last } of closed) {
      for (const address of [first, first + 1n, (first + last) / 2n, last - 1n, last]) {
        if (address < first || address > last) continue;
        expect(isPublicAddress(written(family, address)), written(family, address)).toBe(false);
      }
    }
  });

  test('what borders on a closed block is as public as the second copy says', () => {
    let open = 0;
    for (const { family, first, last } of closed) {
      for (const address of [first - 1n, last + 1n]) {
        if (address < 0n || address >= 1n << bitsOf(family)) continue;
        const expected = !isClosed(family, address);
        open += expected ? 1 : 0;
        expect(isPublicAddress(written(family, address)), written(family, address)).toBe(expected);
      }
    }
    expect(open).toBeGreaterThan(30);
  });

  test('any address is public exactly if no block closes it', () => {
    fc.assert(
      fc.property(anywhere('ipv4'), anywhere('ipv6'), openIpv6, (v4, v6, near) => {
        expect(isPublicAddress(dotted(v4))).toBe(!isClosed('ipv4', v4));
        expect(isPublicAddress(colons(v6))).toBe(!isClosed('ipv6', v6));
        expect(isPublicAddress(colons(near))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a public IPv4 address carried by an IPv6 one is refused as such', () => {
    fc.assert(
      fc.property(openIpv4, (v4) => {
        for (const carrier of carriers(v4)) {
          expect(isPublicAddress(colons(carrier)), colons(carrier)).toBe(false);
          for (const host of ipv6Spellings(carrier)) expect(verdict(host), host).toBe('address_not_public');
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    '',
    ' ',
    'example.com',
    '1.1.1',
    '1.1.1.1 ',
    '01.1.1.1',
    '1.1.1.1.1',
    '1.1.1.256',
    '0x1.1.1.1',
    '16843009',
    '1.1.1.1%eth0',
    '2606:4700::1111%eth0',
    '2606:4700::1111%1',
    'fe80::1%eth0',
    '[2606:4700::1111]',
    '2606:4700::1111/64',
    '2606:4700:::1111',
    '１.1.1.1',
  ])('what is no plain address is not public: %j', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});

describe('[WHK-3] spellings', () => {
  test('a public address is accepted however it is spelled', () => {
    fc.assert(
      fc.property(openIpv4, openIpv6, (v4, v6) => {
        for (const host of [...ipv4Spellings(v4), ...ipv6Spellings(v6)]) expect(verdict(host), host).toBe('accepted');
      }),
      { numRuns: 200 },
    );
  });

  test('an address that is not public is refused however it is spelled', () => {
    fc.assert(
      fc.property(closedAddress, ({ family, address }) => {
        for (const host of spellings(family, address)) expect(verdict(host), host).toBe('address_not_public');
      }),
      { numRuns: 1_000 },
    );
  });
});
