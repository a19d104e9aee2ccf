// Identifiers and shards, derived by hashing: the same input gives the same id on every machine (docs/decisions/0002).

import { hash as digest } from 'node:crypto';
import { idAlphabet, idBodyChars } from '../../../contract/kernel/ids.ts';
import { type IdKind, idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import type { ZoneName } from '../../../contract/kernel/zones.ts';

/** RFC 4648 base32, lower case, unpadded. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += idAlphabet.charAt((value >>> bits) & 31);
      value &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + idAlphabet.charAt((value << (5 - bits)) & 31) : text;
}

/** Parts are framed as a JSON array, so that no two lists of parts collide. */
const hash = (parts: readonly (string | number)[]): Buffer => digest('sha256', JSON.stringify(parts), 'buffer');

/** An id that is a function of `parts` alone. */
export const derivedId = (kind: IdKind, zone: ZoneName, parts: readonly (string | number)[]): string =>
  `${idPrefixes[kind]}_${zone}_${base32(hash([kind, zone, ...parts])).slice(0, idBodyChars)}`;

/**
 * Ten characters of milliseconds (sortable, since the alphabet of digits and letters is mapped in ASCII order), then a
 * hash. `2`-`7` sort before `a`-`z`, so the digits of time use that order.
 */
export const timeOrderedBody = (atMs: number, parts: readonly (string | number)[]): string =>
  timeDigits(atMs) + base32(hash([atMs, ...parts])).slice(0, idBodyChars - timeChars);

const timeChars = 10;

/** How every id of that millisecond begins, after its prefix. */
export function timeDigits(atMs: number): string {
  let digits = '';
  for (let rest = atMs, digit = 0; digit < timeChars; digit += 1) {
    digits = sortedAlphabet.charAt(rest % 32) + digits;
    rest = Math.floor(rest / 32);
  }
  return digits;
}

const sortedAlphabet = '234567abcdefghijklmnopqrstuvwxyz';

/** The milliseconds in a time-ordered id. */
export function timeOf(id: string): number {
  const digits = id.slice(id.lastIndexOf('_') + 1).slice(0, timeChars);
  return [...digits].reduce((ms, digit) => ms * 32 + sortedAlphabet.indexOf(digit), 0);
}

/** A stable shard of an id, 0 … shards-1. */
export const shardOf = (id: string, shards: number): number => hash([id]).readUInt32BE(0) % shards;

/** Two characters that tell a stage's keys from another stage's. */
export function stageTag(stage: string): string {
  const tag = stageTags.get(stage) ?? base32(hash(['stage', stage])).slice(0, 2);
  stageTags.set(stage, tag);
  return tag;
}

/** A process knows one stage, and each request asks for its tag. */
const stageTags = new Map<string, string>();
