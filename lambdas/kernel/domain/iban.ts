// Recognises international bank account numbers by country, form and check digits (ISO 13616; ISO/IEC 7064 modulo 97), so that
// they are refused before anything stores or logs them (promise PCI-3).

import { withoutIdentifiers } from './identifiers.ts';
import { foreignLetter } from './plain_text.ts';

/** Form of what follows the check digits -> countries: n digits, a letters, c either. */
const forms: Readonly<Record<string, string>> = {
  // SWIFT, "IBAN Registry", release 100 (2025), 89 countries; read 2026-12-01. Their territories use the same prefixes.
  '8n12c': 'AD',
  '19n': 'AE IL SO TL',
  '8n16c': 'AL CY',
  '16n': 'AT BA EE LT MN XK',
  '4a20c': 'AZ',
  '12n': 'BE',
  '4a6n8c': 'BG',
  '4a14c': 'BH',
  '23n': 'BI DJ MR',
  '23n1a1c': 'BR',
  '4c4n16c': 'BY',
  '5n12c': 'CH LI',
  '18n': 'CR DE ME RS VA',
  '20n': 'CZ ES SE SK TN',
  '14n': 'DK FI FO GL SD',
  '4c20n': 'DO',
  '25n': 'EG',
  '2a12n': 'FK',
  '10n11c2n': 'FR MC',
  '4a14n': 'GB IE',
  '2a16n': 'GE',
  '4a15c': 'GI',
  '7n16c': 'GR',
  '24c': 'GT',
  '4a20n': 'HN NI SV',
  '17n': 'HR',
  '24n': 'HU PL',
  '4a15n': 'IQ',
  '22n': 'IS',
  '1a10n12c': 'IT SM',
  '4a4n18c': 'JO YE',
  '4a22c': 'KW',
  '3n13c': 'KZ LU',
  '4n20c': 'LB',
  '4a24c': 'LC',
  '4a13c': 'LV',
  '21n': 'LY PT ST',
  '20c': 'MD',
  '3n10c2n': 'MK',
  '4a5n18c': 'MT',
  '4a19n3a': 'MU',
  '4a10n': 'NL',
  '11n': 'NO',
  '3n16c': 'OM',
  '4a16c': 'PK RO',
  '4a21c': 'PS QA',
  '14n15c': 'RU',
  '2n18c': 'SA',
  '4a20n3a': 'SC',
  '15n': 'SI',
  '6n16c': 'TR',
  '6n19c': 'UA',
  '4a16n': 'VG',
};

interface Form {
  readonly pattern: RegExp;
  readonly chars: number;
}

const classes: Readonly<Record<string, string>> = { n: '[0-9]', a: '[A-Z]', c: '[0-9A-Z]' };

const countries: ReadonlyMap<string, Form> = new Map(
  Object.entries(forms).flatMap(([form, names]) => {
    const parts = [...form.matchAll(/(\d+)([nac])/g)].map(([, chars = '', kind = '']) => ({
      chars: Number(chars),
      kind,
    }));
    const body = parts.map(({ chars, kind }) => `${classes[kind]}{${chars}}`).join('');
    const pattern = new RegExp(`^[A-Z]{2}[0-9]{2}${body}$`);
    const chars = parts.reduce((sum, part) => sum + part.chars, 4);
    return names.split(' ').map((country): [string, Form] => [country, { pattern, chars }]);
  }),
);

const own = `0-9A-Za-z${foreignLetter}`;
const beginnings = new RegExp(`(?<![${own}])[A-Za-z]{2}[0-9]{2}`, 'g');
const longestGap = 3;
const ownCharacter = new RegExp(`[${own}]`);

/** `ascii`: as `readings` gives it. */
export function holdsIban(ascii: string): boolean {
  // Stryker disable next-line all: without it only the time differs.
  if (ascii.search(beginnings) < 0) return false;
  const text = withoutIdentifiers(ascii);
  for (const { 0: beginning, index } of text.matchAll(beginnings)) {
    const form = countries.get(beginning.slice(0, 2).toUpperCase());
    const groups = form === undefined ? null : groupsFrom(text, index, form.chars);
    if (form === undefined || groups === null || !writtenAsOne(groups)) continue;
    const iban = groups.join('').toUpperCase();
    if (form.pattern.test(iban) && remainder(iban) === 1) return true;
  }
  return false;
}

/** `chars` letters and digits, in the groups in which they stand; null: they do not end where a word does. */
function groupsFrom(text: string, start: number, chars: number): string[] | null {
  const groups: string[] = [];
  let group = '';
  let found = 0;
  let gap = 0;
  let at = start;
  for (; found < chars && at < text.length && gap <= longestGap; at += 1) {
    const character = text.charAt(at);
    if (ownCharacter.test(character)) {
      group += character;
      found += 1;
      gap = 0;
    } else {
      if (group !== '') groups.push(group);
      group = '';
      gap += 1;
    }
  }
  if (found < chars || ownCharacter.test(text.charAt(at))) return null;
  return [...groups, group];
}

/** In fours as it is printed, or in groups that have digits: words that happen to follow have none. */
const writtenAsOne = (groups: readonly string[]): boolean =>
  groups.every((group, at) => group.length === 4 || at === groups.length - 1) ||
  groups.every((group) => /[0-9]/.test(group));

/** Of the number that it spells with its first four characters last, letters as 10 to 35. */
function remainder(iban: string): number {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
