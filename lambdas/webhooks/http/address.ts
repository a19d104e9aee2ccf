// Whether an IP address is public unicast: inside the space that is given out to the public, and in none of its special
// blocks. What it cannot read, or does not know, is not public.

import { BlockList, isIP } from 'node:net';

/**
 * Blocks "network/prefix" by family. `special` holds the blocks inside `given` of IANA's special-purpose registries
 * (RFC 6890 and updates; as known in 2026-11, compared with public copies). Whole blocks count, without the exceptions
 * inside them that are globally reachable (anycast of protocols, AS112, AMT): no merchant is served from there.
 */
const space = {
  ipv4: {
    given: ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'],
    special: [
      '0.0.0.0/8', // this network (RFC 791)
      '10.0.0.0/8', // private (RFC 1918)
      '100.64.0.0/10', // shared, carrier-grade NAT (RFC 6598)
      '127.0.0.0/8', // loopback (RFC 1122)
      '169.254.0.0/16', // link-local, metadata of clouds (RFC 3927)
      '172.16.0.0/12', // private (RFC 1918)
      '192.0.0.0/24', // protocol assignments (RFC 6890)
      '192.0.2.0/24', // documentation (RFC 5737)
      '192.31.196.0/24', // AS112 (RFC 7535)
      '192.52.193.0/24', // AMT (RFC 7450)
      '192.88.99.0/24', // 6to4 relays, withdrawn (RFC 7526)
      '192.168.0.0/16', // private (RFC 1918)
      '192.175.48.0/24', // AS112 (RFC 7534)
      '198.18.0.0/15', // benchmarks (RFC 2544)
      '198.51.100.0/24', // documentation (RFC 5737)
      '203.0.113.0/24', // documentation (RFC 5737)
    ],
  },
  ipv6: {
    // The only unicast space that is given out. Loopback, mapped (::ffff:0:0/96), compatible (::/96) and translated
    // (64:ff9b::/96, 64:ff9b:1::/48) IPv4, unique-local, link-local, SRv6 (5f00::/16) and multicast lie outside.
    given: ['2000::/3'],
    special: [
      '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID … (RFC 2928)
      '2001:db8::/32', // documentation (RFC 3849)
      '2002::/16', // 6to4 (RFC 3056)
      '2620:4f:8000::/48', // AS112 (RFC 7534)
      '3ffe::/16', // the 6bone, returned (RFC 3701)
      '3fff::/20', // documentation (RFC 9637)
    ],
  },
} as const;

type Family = keyof typeof space;

const listOf = (family: Family, blocks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const block of blocks) {
    const [network = '', prefix] = block.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
};

const listsOf = (family: Family) => ({
  given: listOf(family, space[family].given),
  special: listOf(family, space[family].special),
});

const lists = { ipv4: /* @__PURE__ */ listsOf('ipv4'), ipv6: /* @__PURE__ */ listsOf('ipv6') };

/**
 * `address` as a resolver answers or URL parsing writes it, without brackets. An IPv6 address that carries an IPv4 one
 * (mapped, compatible, NAT64, 6to4, Teredo) is refused as such, whatever it carries: a public host is also served
 * without a translator, and where a translator leads is decided elsewhere. So is a zone id: it names our interfaces.
 */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address);
  return family !== null && lists[family].given.check(address, family) && !lists[family].special.check(address, family);
}

const familyOf = (address: string): Family | null => {
  if (address.includes('%')) return null;
  return ({ 4: 'ipv4', 6: 'ipv6' } as const)[isIP(address)] ?? null;
};
