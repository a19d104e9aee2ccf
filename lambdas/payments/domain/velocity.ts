// Velocity: whose live payments are counted, and what one of them is counted as. Pure.

import { velocityLimits as limits } from '../../../contract/payments/limits.ts';

/** Of whom a payment is one more; each is counted by itself. */
export interface Subjects {
  readonly payment_method?: string | undefined;
  readonly customer?: string | undefined;
  readonly payer_address?: string | undefined;
}

/** A window begins on the hour: it ends at `endMs`. */
export function windowAt(nowMs: number): { readonly startMs: number; readonly endMs: number } {
  const startMs = nowMs - (nowMs % limits.windowMs);
  return { startMs, endMs: startMs + limits.windowMs };
}

/**
 * What stands for one subscriber: of IPv6 the first 64 bits, as each is given a whole /64 (RFC 6177); of an IPv4 address that is
 * mapped into IPv6, the IPv4 address.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const groups = groupsOf(new URL(`http://[${address}]/`).hostname.slice(1, -1));
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':');
}

/** All eight, of the one form in which the URL Standard writes an address. */
function groupsOf(address: string): number[] {
  const [head = '', tail = ''] = address.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [read(head), read(tail)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}
