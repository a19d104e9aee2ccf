// Allow-lists of source addresses (promise IAM-3). IPv4 mapped into IPv6 is judged as the IPv4 address that it is.

import { BlockList, isIP } from 'node:net';

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** Null: no list, any address. An address that cannot be read is allowed by no list. */
export function addressAllowed(blocks: readonly string[] | null, address: string): boolean {
  if (blocks === null) return true;
  const plain = mapped.exec(address)?.[1] ?? address;
  const version = isIP(plain);
  if (version === 0) return false;
  const list = new BlockList();
  for (const block of blocks) {
    const [network = '', prefix] = block.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}
