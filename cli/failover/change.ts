// Writes the successor into the lease: over the row that was shown, whose end alone may have moved on, because its holder renews it
// every minute. Whatever else has changed, nothing is written.

import type { WriterLease } from '../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import { Usage } from '../command_line.ts';
import type { LeaseAccess } from './lease_access.ts';

/** Whether two rows are of one tenure, so that they differ by the end of the lease and by the successor alone. */
const sameTenure = (a: WriterLease, b: WriterLease): boolean => a.holder === b.holder && a.epoch === b.epoch;

/** Somebody else was faster. */
export class Changed extends Usage {}

/**
 * What is written differs from every row that there was before. A withdrawal moves the end on by a millisecond, which costs nobody
 * anything: an earlier write of ours that is still on its way finds another row then, and is refused.
 */
const nextOf = (read: WriterLease, successor: string | null): WriterLease => ({
  ...read,
  successor,
  until_ms: read.until_ms + (successor === null ? 1 : 0),
});

/**
 * Resolves with the row, once it says so: by this write, or by somebody's who wanted the same. Throws `Changed` where it says
 * something else by now, and `NoAnswer` where that can't be found out.
 */
export async function setSuccessor(
  lease: Pick<LeaseAccess, 'read' | 'write'>,
  shown: WriterLease,
  successor: string | null,
  sleep: (ms: number) => Promise<unknown>,
): Promise<WriterLease> {
  let read = shown;
  for (let tries = 0; tries < limits.handOverTries; tries += 1) {
    const next = nextOf(read, successor);
    // A write without an answer may have been made: the row says so.
    if (await lease.write(read, next).catch(() => false)) return next;
    const now = await lease.read();
    if (now !== undefined && sameTenure(now, shown) && now.successor === successor) return now;
    if (now === undefined || !sameTenure(now, shown) || now.successor !== shown.successor)
      throw new Changed(`The lease has changed meanwhile (${described(now)}): nothing was written.`);
    read = now;
    await sleep(limits.handOverLookMs);
  }
  throw new Changed('The lease was renewed whenever it was to be written: nothing was written. Try again.');
}

const described = (lease: WriterLease | undefined): string => {
  if (lease === undefined) return 'there is none';
  const handed = lease.successor === null ? '' : `, handed over to ${lease.successor}`;
  return `${lease.holder} holds it, epoch ${lease.epoch}${handed}`;
};
