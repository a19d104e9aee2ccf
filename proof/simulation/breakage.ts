// One line of the product, broken on purpose (breakages.ts).

export interface Breakage {
  readonly what: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The only seed that is tried, where few show it. */
  readonly seed?: number;
  /** It is looked for in so many zones with two regions. Absent: in worlds of one. */
  readonly worlds?: number;
}
