// Every weakness that somebody could plant is stopped by the synthesis’s own rules, with a sentence that names it, whatever
// other tests or packs would say of it.

import { describe, expect, test } from 'vitest';
import { findingsIn } from '../../lib/compliance/strongroom_pack.ts';
import { clean, saidOf } from './planting.ts';
import { plantsOfGrants } from './plants_of_grants.ts';
import { plantsOfValues } from './plants_of_values.ts';

describe('[HST-2] a planted weakness fails the synthesis by our own rules', () => {
  test('and nothing is said of the templates as they are', () => {
    expect(findingsIn(clean).map(({ rule, name, wrong }) => `${rule.id} ${name}: ${wrong}`)).toEqual([]);
  });

  test.each([...plantsOfGrants, ...plantsOfValues])('$what', ({ plant, says }) => {
    const said = saidOf(plant);
    expect(
      said.filter((line) => says.test(line)),
      said.join('\n') || 'nothing',
    ).not.toEqual([]);
  });
});
