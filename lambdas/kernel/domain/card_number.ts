// Recognises card numbers in text as people and programs write them, so that they are refused before anything stores or logs
// them (promise PCI-1). Digits that touch a letter belong to an identifier, such as a digest in hexadecimal, and are none
// (docs/decisions/0028).

import { isCardNumber, longestCardDigits, shortestCardDigits } from './card_brands.ts';
import { withoutIdentifiers } from './identifiers.ts';
import { foreignLetter } from './plain_text.ts';

const letters = `A-Za-z${foreignLetter}`;
/** Digits, and between them at most three characters that are no letters. */
const runs = new RegExp(`[0-9](?:[^0-9${letters}]{0,3}[0-9]){${shortestCardDigits - 1},}`, 'g');
const endsInLetter = new RegExp(`[${letters}]$`);
const beginsWithLetter = new RegExp(`^[${letters}]`);

interface Group {
  readonly digits: string;
  /** What stands before it in its run. */
  readonly gap: string;
}

/** `ascii`: as `readings` gives it. */
export function holdsCardNumber(ascii: string): boolean {
  if (!mayHold(ascii)) return false;
  const text = withoutIdentifiers(ascii);
  for (const { 0: run, index } of text.matchAll(runs)) {
    const before = text.slice(Math.max(0, index - 1), index);
    const after = text.slice(index + run.length, index + run.length + 1);
    if (holdsInRun(groupsOf(run), before, after)) return true;
  }
  return false;
}

// Stryker disable all: without it only the time differs.
/** Most texts have too few digits. */
function mayHold(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      digits += 1;
      if (digits === shortestCardDigits) return true;
    }
  }
  return false;
}
// Stryker restore all

const groupsOf = (run: string): Group[] =>
  Array.from(run.matchAll(/([^0-9]*)([0-9]+)/g), ([, gap = '', digits = '']) => ({ gap, digits }));

/** What may be a card: the groups from `first` on, `count` of them. */
function holdsInRun(groups: readonly Group[], before: string, after: string): boolean {
  const isCard = (first: number, count: number): boolean => {
    if (first === 0 && endsInLetter.test(before)) return false;
    if (first + count === groups.length && beginsWithLetter.test(after)) return false;
    const own = groups.slice(first, first + count);
    const digits = own.map((group) => group.digits).join('');
    const sizes = own.map((group) => group.digits.length).join('-');
    const behindPlus = (first === 0 ? before : (groups[first]?.gap ?? '')).endsWith('+');
    return isCardNumber(digits, sizes, behindPlus);
  };
  return groups.some((_, first) => {
    // The digits behind a point are a fraction.
    if (first > 0 && groups[first]?.gap === '.') return false;
    return inLargeGroups(groups, first).some((count) => isCard(first, count)) || smallGroups(groups, first, isCard);
  });
}

const usual = /^(?:\d+|(?:(?:4|8|12|16)-)+\d+|4-6-[45]|4-5-6|4-3-3-3)$/;

/** How many groups make a card in one of the usual forms: whole, in fours or multiples of it, or as it is embossed. */
function inLargeGroups(groups: readonly Group[], first: number): number[] {
  const counts: number[] = [];
  let digits = 0;
  let sizes = '';
  for (let at = first; at < groups.length; at += 1) {
    const size = groups[at]?.digits.length ?? 0;
    digits += size;
    if (digits > longestCardDigits) break;
    sizes += sizes === '' ? size : `-${size}`;
    const fraction = at === first + 1 && groups[at]?.gap === '.';
    if (digits >= shortestCardDigits && usual.test(sizes) && !fraction) counts.push(at - first + 1);
  }
  return counts;
}

/** Digits one by one, or in pairs with the same between them: a list of such numbers is longer or shorter than a card. */
function smallGroups(
  groups: readonly Group[],
  first: number,
  isCard: (first: number, count: number) => boolean,
): boolean {
  const size = groups[first]?.digits.length ?? 0;
  const gap = groups[first + 1]?.gap;
  const continues = (group: Group | undefined): boolean =>
    group !== undefined && group.digits.length === size && (size === 1 || group.gap === gap);
  if (size > 2 || (first > 0 && groups[first - 1]?.digits.length === size && continues(groups[first]))) return false;
  let count = 1;
  while (continues(groups[first + count])) count += 1;
  const odd = groups[first + count];
  const withOdd = size === 2 && odd?.digits.length === 1 && odd.gap === gap ? 1 : 0;
  const digits = size * count + withOdd;
  return digits >= shortestCardDigits && digits <= longestCardDigits && isCard(first, count + withOdd);
}
