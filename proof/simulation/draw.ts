// Chance without state: a draw is a function of the world's seed and of what it is for. Leaving out a part of a world
// therefore changes no draw of the rest, which is what makes a failing schedule shrink.

/** 32 bits of `text` under `seed` (MurmurHash3's mixing, one character a round). */
export function hash(seed: number, text: string): number {
  let h = seed ^ 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    let k = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Another 32 bits from some, cheaply. */
const mix = (bits: number, step: number): number => {
  let h = Math.imul(bits ^ (step * 0x9e3779b9), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** Draws for one address, by number: hashed once, because every call on its way needs several. */
export type Fractions = (which: number) => number;

export interface Draw {
  fractions(address: string): Fractions;
  /** 0 ≤ x < 1. */
  fraction(what: string): number;
  /** A whole number, 0 ≤ x < below. */
  integer(what: string, below: number): number;
  between(what: string, from: number, to: number): number;
  chance(what: string, probability: number): boolean;
  pick<T>(what: string, from: readonly T[]): T;
  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(what: string, weights: Readonly<Record<Name, number>>): Name;
}

export function drawFrom(seed: number): Draw {
  const fraction = (what: string): number => hash(seed, what) / 2 ** 32;
  const integer = (what: string, below: number): number => Math.floor(fraction(what) * below);
  return {
    fractions(address) {
      const bits = hash(seed, address);
      return (which) => mix(bits, which + 1) / 2 ** 32;
    },
    fraction,
    integer,
    between: (what, from, to) => from + fraction(what) * (to - from),
    chance: (what, probability) => fraction(what) < probability,
    pick(what, from) {
      const picked = from[integer(what, from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    weighted(what, weights) {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      let left = fraction(what) * names.reduce((sum, name) => sum + weights[name], 0);
      for (const name of names) {
        left -= weights[name];
        if (left < 0) return name;
      }
      throw new Error('weights that weigh nothing');
    },
  };
}

/** Bytes that look random and are the same for the same seed and text (sfc32 by Chris Doty-Humphrey, public domain). */
export function byteSource(seed: number, text: string): (bytes: number) => Uint8Array {
  let a = hash(seed, text) | 0;
  let b = hash(~seed, text) | 0;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return (bytes) => {
    const filled = new Uint8Array(bytes);
    let word = 0;
    for (let index = 0; index < bytes; index += 1) {
      if (index % 4 === 0) word = next();
      filled[index] = word & 255;
      word >>>= 8;
    }
    return filled;
  };
}
