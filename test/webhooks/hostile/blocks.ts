// The address space a second time, in whole numbers: what the tests compare the code with. Written from the registries
// (IANA special-purpose addresses, RFC 6890 and updates), not from the code.

export type Family = 'ipv4' | 'ipv6';

export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

export const bitsOf = (family: Family): bigint => (family === 'ipv4' ? 32n : 128n);

export const ipv4Number = (text: string): bigint =>
  text.split('.').reduce((number, octet) => number * 256n + BigInt(octet), 0n);

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** Hexadecimal groups, perhaps with "::". */
export function ipv6Number(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const missing = 8 - groups(head).length - groups(tail ?? '').length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail ?? '')];
  return all.reduce((number, group) => number * 65_536n + BigInt(`0x${group}`), 0n);
}

const block = (text: string): Block => {
  const [network = '', prefix = ''] = text.split('/');
  const family = network.includes(':') ? 'ipv6' : 'ipv4';
  const first = family === 'ipv6' ? ipv6Number(network) : ipv4Number(network);
  return { family, first, last: first + (1n << (bitsOf(family) - BigInt(prefix))) - 1n };
};

/** Everything that is not public unicast. */
export const closed: readonly Block[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '::/96',
  '::ffff:0:0/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/32',
  '2001:2::/48',
  '2001:4:112::/48',
  '2001:10::/28',
  '2001:20::/28',
  '2001:30::/28',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3ffe::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  // Given out to nobody
  '::/3',
  '4000::/2',
  '8000::/1',
].map(block);

export const isClosed = (family: Family, address: bigint): boolean =>
  closed.some((each) => each.family === family && each.first <= address && address <= each.last);
