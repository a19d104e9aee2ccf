// Allow-lists of source addresses (promise IAM-3). IPv4 mapped into IPv6 counts as the IPv4 address that it is: that is
// how BlockList checks (Node, net.BlockList).

import { BlockList, isIP } from 'node:net';

/** Null: no list, any address. An address that cannot be read is allowed by no list, and a block that cannot be allows none. */
export function addressAllowed(blocks: readonly string[] | null, address: string): boolean {
  if (blocks === null) return true;
  // Stryker disable next-line ConditionalExpression: BlockList finds nonsense in no list today, but does not promise it.
  if (isIP(address) === 0) return false;
  return listOf(blocks).check(address, familyOf(address));
}

/** Whether everything that `inner` allows, `outer` allows too. Null: any address. */
export function blocksWithin(inner: readonly string[] | null, outer: readonly string[] | null): boolean {
  if (outer === null) return true;
  if (inner === null) return false;
  return inner.every((block) => {
    const { network, prefix, family } = parsed(block);
    // It allows nothing, and so nothing beyond; to look it up would throw.
    if (!isReadable({ network, prefix, family })) return true;
    return outer.some((wider) => {
      const bound = parsed(wider);
      return bound.family === family && bound.prefix <= prefix && listOf([wider]).check(network, family);
    });
  });
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function parsed(block: string) {
  // Stryker disable next-line StringLiteral: a text always has a first part; the type cannot say so.
  const [network = '', prefix] = block.split('/');
  const family = familyOf(network);
  return { network, family, prefix: prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix) };
}

/** Zone ids name an interface of one machine, and are no addresses. */
const isReadable = ({ network, prefix, family }: ReturnType<typeof parsed>): boolean =>
  isIP(network) !== 0 && !network.includes('%') && prefix >= 0 && prefix <= (family === 'ipv6' ? 128 : 32);

function listOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const { network, prefix, family } of blocks.map(parsed).filter(isReadable)) {
    list.addSubnet(network, prefix, family);
  }
  return list;
}
