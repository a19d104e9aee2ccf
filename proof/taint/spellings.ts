// The spellings that software gives to text, undone: each view of some bytes shows what one of them hid. Two may be nested,
// such as base64 in JSON in base64.

import { readings } from '../../lambdas/kernel/domain/plain_text.ts';

export interface View {
  readonly spelling: string;
  readonly text: string;
}

/** Of JSON, JavaScript, URLs and markup. */
const escaped = /(?:\\u00|\\x|%)([0-9a-f]{2})/gi;
const reference = /&#(?:x0{0,4}([0-9a-f]{2})|0{0,4}(\d{2,3}));/gi;
/** Whatever is no letter. */
const betweenDigits = /(?<=\d)[^0-9a-z]{1,8}(?=\d)/gi;
/** As bank accounts are printed. */
const inFours = /(?<![0-9a-z])(?:[0-9a-z]{4}[ -]){3,8}[0-9a-z]{1,4}(?![0-9a-z])/gi;
// Shorter than any mark in that spelling.
const hexRun = /[0-9a-f]{24,}/gi;
/** As Node shows a Buffer, and others a fingerprint. */
const spacedHexRun = /[0-9a-f]{2}(?:[ :][0-9a-f]{2}){11,}/gi;
const base64Run = /[A-Za-z0-9+/_-]{16,}/g;
const byteList = /\d{1,3}(?:,\s{0,8}\d{1,3}){11,}/g;

const characterOf = (code: string, radix = 10): string => String.fromCharCode(Number.parseInt(code, radix));

/** UTF-16 as well: its other bytes are 0. */
const unescaped = (text: string): string =>
  text
    .replaceAll('\0', '')
    .replace(escaped, (_, digits: string) => characterOf(digits, 16))
    .replace(reference, (_, hex?: string, code?: string) =>
      hex === undefined ? characterOf(code ?? '') : characterOf(hex, 16),
    );

/** Decoded from each place at which a group of characters may begin. */
const decoded = (runs: readonly string[], encoding: 'hex' | 'base64', starts: number): string =>
  runs
    .flatMap((run) => Array.from({ length: starts }, (_, start) => Buffer.from(run.slice(start), encoding)))
    .map((bytes) => bytes.toString('latin1'))
    .join('\n');

const decoders: Readonly<Record<string, (text: string) => string>> = {
  hex: (text) => decoded(text.match(hexRun) ?? [], 'hex', 2),
  'hex, spaced': (text) => {
    const runs = text.match(spacedHexRun) ?? [];
    return decoded(
      runs.map((run) => run.replace(/[ :]/g, '')),
      'hex',
      1,
    );
  },
  // Node reads the alphabet of URLs too.
  base64: (text) => decoded(text.match(base64Run) ?? [], 'base64', 4),
  bytes: (text) =>
    (text.match(byteList) ?? [])
      .map((list) => list.replace(/(\d+)(?:,\s*)?/g, (_, code: string) => characterOf(code)))
      .join('\n'),
};

/** `text`: bytes, one character each. The plain text comes first. */
export function* views(text: string, spelling = 'plain', nested = 2): Generator<View> {
  yield { spelling, text };
  const open = unescaped(text);
  if (open !== text) yield { spelling: `${spelling}, escaped`, text: open };
  const joined = readings(Buffer.from(open, 'latin1').toString('utf8'))
    .map((reading) => reading.replace(inFours, (run) => run.replace(/[ -]/g, '')).replace(betweenDigits, ''))
    .join('\n');
  if (joined !== open) yield { spelling: `${spelling}, grouped`, text: joined };
  if (nested === 0) return;
  for (const [name, decode] of Object.entries(decoders)) {
    const inner = decode(open);
    if (inner !== '') yield* views(inner, `${spelling}, ${name}`, nested - 1);
  }
}
