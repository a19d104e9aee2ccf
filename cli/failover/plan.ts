// What a command about the lease comes to, given the row as it is. Pure: no clock decides anything, so an operator's machine with a
// wrong one decides as any other.

import type { WriterLease } from '../../contract/writer/lease.ts';
import { Usage } from '../command_line.ts';

/** `to`: undefined where none was named. */
export type Request = { readonly kind: 'hand over'; readonly to: string | undefined } | { readonly kind: 'withdraw' };

export type Plan =
  /** `to`: who is the successor then. */
  | { readonly kind: 'hand over'; readonly shown: WriterLease; readonly to: string }
  /** It is under way: nothing is written. */
  | { readonly kind: 'follow'; readonly shown: WriterLease; readonly to: string }
  | { readonly kind: 'withdraw'; readonly shown: WriterLease; readonly from: string }
  | { readonly kind: 'nothing'; readonly because: string };

/** `regions`: of the zone, the home first. Throws a Usage for what is refused. */
export function planOf(lease: WriterLease, regions: readonly string[], request: Request): Plan {
  const { holder, successor } = lease;
  if (!regions.includes(holder))
    throw new Usage(`The lease names ${holder}, which is none of ${regions.join(', ')}: nothing was done.`);
  if (request.kind === 'withdraw')
    return successor === null
      ? { kind: 'nothing', because: 'No hand-over is under way: there is nothing to withdraw.' }
      : { kind: 'withdraw', shown: lease, from: successor };
  const other = regions.find((region) => region !== holder) ?? '';
  const to = request.to ?? successor ?? other;
  if (!regions.includes(to)) throw new Usage(`${to} is no region of the zone, but ${regions.join(' and ')} are.`);
  if (successor === to) return { kind: 'follow', shown: lease, to };
  if (successor !== null)
    throw new Usage(
      `A hand-over from ${holder} to ${successor} is under way. --withdraw takes it back, as long as ${successor} has not taken the lease.`,
    );
  if (to === holder)
    return { kind: 'nothing', because: `${holder} is the writer already: there is nothing to hand over.` };
  return { kind: 'hand over', shown: lease, to };
}
