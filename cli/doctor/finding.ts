// What a check found. Unknown is an answer of its own: nothing that could not be looked at is said to be well.

export type Verdict = 'ok' | 'note' | 'unknown' | 'wrong';

export interface Finding {
  readonly what: string;
  readonly verdict: Verdict;
  readonly says: string;
  /** What to do about it. */
  readonly hint?: string;
}

export const ok = (what: string, says: string): Finding => ({ what, verdict: 'ok', says });
export const note = (what: string, says: string, hint?: string): Finding => ({
  ...{ what, verdict: 'note', says },
  ...(hint !== undefined && { hint }),
});
export const unknown = (what: string, says: string, hint?: string): Finding => ({
  ...{ what, verdict: 'unknown', says },
  ...(hint !== undefined && { hint }),
});
export const wrong = (what: string, says: string, hint: string): Finding => ({ what, verdict: 'wrong', says, hint });
