// Ways of writing an address as the host of a URL: each is understood by some parser.

const octetsOf = (ipv4: bigint): bigint[] => [24n, 16n, 8n, 0n].map((shift) => (ipv4 >> shift) & 255n);
const groupsOf = (ipv6: bigint): bigint[] =>
  Array.from({ length: 8 }, (_, n) => (ipv6 >> BigInt(112 - 16 * n)) & 0xffffn);

const decimal = (value: bigint) => `${value}`;
const hex = (value: bigint) => `0x${value.toString(16)}`;
const octal = (value: bigint) => `0${value.toString(8)}`;

export const dotted = (ipv4: bigint): string => octetsOf(ipv4).join('.');
export const colons = (ipv6: bigint): string =>
  groupsOf(ipv6)
    .map((group) => group.toString(16))
    .join(':');

/** As inet_aton reads "a", "a.b" and "a.b.c": the last part fills what is left. */
const parts = (ipv4: bigint, count: number): bigint[] => [
  ...octetsOf(ipv4).slice(0, count - 1),
  ipv4 & ((1n << BigInt(8 * (5 - count))) - 1n),
];

/** `digits`: ten characters. */
const inDigits = (text: string, digits: string): string =>
  text.replace(/\d/g, (digit) => [...digits][Number(digit)] ?? '');

/** Hosts that WHATWG URL parsing reads as this IPv4 address. */
export function ipv4Spellings(ipv4: bigint): string[] {
  const text = dotted(ipv4);
  const each = (...writers: readonly ((octet: bigint) => string)[]) =>
    octetsOf(ipv4)
      .map((octet, n) => writers[n % writers.length]?.(octet))
      .join('.');
  const short = [1, 2, 3].flatMap((count) =>
    [decimal, hex, octal].map((write) => parts(ipv4, count).map(write).join('.')),
  );
  return [
    text,
    ...short,
    each(hex),
    each(octal),
    each(hex).toUpperCase(),
    each((octet) => `0x${octet.toString(16).padStart(8, '0')}`),
    each((octet) => `0${octet.toString(8).padStart(3, '0')}`),
    each((octet) => `0000000${octet.toString(8)}`),
    each(decimal, hex, octal),
    each(octal, hex),
    `${text}.`,
    `${hex(ipv4)}.`,
    ...['。', '．', '｡', '%2e', '%2E', '%E3%80%82'].map((dot) => text.replaceAll('.', dot)),
    ...['０１２３４５６７８９', '⓪①②③④⑤⑥⑦⑧⑨', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗', '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿', '₀₁₂₃₄₅₆₇₈₉', '⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digits) =>
      inDigits(text, digits),
    ),
    inDigits(decimal(ipv4), '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡'),
    inDigits(text, '０１２３４５６７８９').replaceAll('.', '。'),
    ...['\u{ad}', '\u{200b}', '\u{2060}'].map((nothing) => text.replace('.', `${nothing}.`)),
    [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(''),
  ];
}

/** Hosts that mean this IPv6 address. */
export function ipv6Spellings(ipv6: bigint): string[] {
  const full = groupsOf(ipv6).map((group) => group.toString(16).padStart(4, '0'));
  const tail = `${colons(ipv6).split(':').slice(0, 6).join(':')}:${dotted(ipv6 & 0xffffffffn)}`;
  // The longest run of zeros left out, if there is one.
  const run = colons(ipv6)
    .match(/(?:^|:)0(?::0)+(?=:|$)/g)
    ?.sort((a, b) => b.length - a.length)[0];
  const short =
    run === undefined
      ? colons(ipv6)
      : colons(ipv6)
          .replace(run, ':')
          .replace(/^:(?!:)|(?<!:):$/, '::');
  const texts = [colons(ipv6), full.join(':'), tail, short];
  return texts.flatMap((text) => [`[${text}]`, `[${text.toUpperCase()}]`]);
}

/** IPv6 addresses that carry an IPv4 one. */
export const carriers = (ipv4: bigint): bigint[] => [
  ipv4, // compatible, ::a.b.c.d
  (0xffffn << 32n) | ipv4, // mapped
  (0xffffn << 48n) | ipv4, // translated, ::ffff:0:a.b.c.d
  (0x64ff9bn << 96n) | ipv4, // NAT64
  (0x64ff9b0001n << 80n) | ipv4, // NAT64, local use
  (0x2002n << 112n) | (ipv4 << 80n) | 1n, // 6to4
  (0x20010000n << 96n) | (0x5db8d822n << 64n) | (ipv4 ^ 0xffffffffn), // Teredo: the client's address inverted
  (0xfe80n << 112n) | (0x5efen << 32n) | ipv4, // ISATAP
];

/** Hosts around an address that one parser reads as it and another as something else, or as nothing. */
export const brokenIpv4 = (text: string): string[] => [
  `${text}:443@1.1.1.1`,
  `1.1.1.1@${text}`,
  `${text}#.example.com`,
  `${text}\\.example.com`,
  `${text}\t`,
  ` ${text}`,
  `${text}\u{feff}`,
  `${text}\u{3000}`,
  `${text}%00`,
  `${text}%09.example.com`,
  `${text}%2f.example.com`,
  `${text}..`,
  `${text}.0`,
  `[${text}]`,
  `[::${text}%25eth0]`,
];
export const brokenIpv6 = (text: string): string[] => [
  text,
  `[${text}%25eth0]`,
  `[${text}%eth0]`,
  `[${text}%251]`,
  `[${text}].`,
  `%5b${text}%5d`,
];
