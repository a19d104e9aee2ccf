// Every weakness that somebody could plant is stopped by the synthesis’s own rules, with a sentence that names it, whatever
// other tests or packs would say of it.

import { describe, expect, test } from 'vitest';
import { findingsIn } from '../../lib/compliance/strongroom_pack.ts';
import { clean, Planting, saidOf } from './planting.ts';
import { plantsOfDeployments, plantsOfTiming } from './plants_of_deployments.ts';
import { type Plant, plantsOfGrants } from './plants_of_grants.ts';
import { plantsOfValues } from './plants_of_values.ts';

const plants = [...plantsOfGrants, ...plantsOfValues, ...plantsOfDeployments, ...plantsOfTiming];

/** The second region has no keys, secrets and tables of its own, but replicas of them. */
const hasPlace = ({ plant }: Plant): boolean => {
  try {
    plant(new Planting('second'));
    return true;
  } catch {
    return false;
  }
};

describe('[HST-2] a planted weakness fails the synthesis by our own rules', () => {
  test.each(['home', 'second'] as const)('and nothing is said of the %s region’s templates as they are', (region) => {
    const said = findingsIn(clean[region]).map(({ rule, name, wrong }) => `${rule.id} ${name}: ${wrong}`);
    expect(said).toEqual([]);
  });

  test.each(plants)('$what', ({ plant, says }) => {
    const said = saidOf(plant);
    expect(
      said.filter((line) => says.test(line)),
      said.join('\n') || 'nothing',
    ).not.toEqual([]);
  });

  test.each(plants.filter(hasPlace))('$what, in the second region', ({ plant, says }) => {
    const said = saidOf(plant, 'second');
    expect(
      said.filter((line) => says.test(line)),
      said.join('\n') || 'nothing',
    ).not.toEqual([]);
  });

  test('what only the second region has is held as closely', () => {
    expect(plants.filter(hasPlace).length).toBeGreaterThan(90);
    const said = (plant: (planting: Planting) => void): string => saidOf(plant, 'second').join('\n');
    const open = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' };
    expect(said((p) => p.at('keys/key-pii').KeyPolicy.Statement.push(open))).toContain(
      'keys/key-pii: nothing declares',
    );
    const more = { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: '*' };
    const roleOf = (p: Planting) => p.at('data/stream-finder-role').Policies[0].PolicyDocument.Statement;
    expect(said((p) => roleOf(p).push(more))).toContain(
      'data/stream-finder-role: nothing declares: allow dynamodb:Scan',
    );
    expect(said((p) => (p.at('data/stream-finder').Code.ZipFile += ' '))).toContain('it runs other code');
  });
});
