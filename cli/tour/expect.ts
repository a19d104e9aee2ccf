// What a step of the tour expects. An unmet expectation is described in words, with what was seen instead.

export class UnmetExpectation extends Error {
  readonly seen: string;
  constructor(expectation: string, seen = '') {
    super(expectation);
    this.name = 'Disappointment';
    this.seen = seen;
  }
}

/** `seen` is shown as JSON where it was not as expected. */
export function expect(expectation: string, holds: boolean, seen: unknown): void {
  if (!holds) throw new UnmetExpectation(expectation, typeof seen === 'string' ? seen : JSON.stringify(seen));
}
