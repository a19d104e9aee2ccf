// What a function could do that was taken over, as docs/generated/privileges.md says it: of every function, and as its policy has it.

import { beforeAll, describe, expect, it } from 'vitest';
import { functions } from '../../contract/capabilities.ts';
import { type Place, readPlaces } from '../../proof/privileges/place.ts';
import { takeoverSection, takeovers } from '../../proof/privileges/takeover.ts';
import { assembly } from '../kit/run.ts';

let place: Place;
beforeAll(async () => {
  const [first] = readPlaces(await assembly(), 'development');
  if (first === undefined) throw new Error('the stage has no zone');
  place = first;
});

const takeover = (name: string, of: Place = place) => takeovers(of).find((each) => each.name === name);

/** The place, where no statement of a function has a condition. */
const unconditional = (name: string): Place => ({
  ...place,
  roles: place.roles.map((role) =>
    role.name === name ? { ...role, statements: role.statements.map((each) => ({ ...each, Condition: {} })) } : role,
  ),
});

describe('[IAM-1] what a taken-over function could do', () => {
  it('is said of every function, with each that may reach hosts outside', () => {
    const text = takeoverSection(place);
    for (const name of Object.keys(functions)) expect(text).toContain(`### \`${name}\`, taken over`);
    expect(
      takeovers(place)
        .filter(({ hosts }) => hosts.startsWith('any'))
        .map(({ name }) => name),
    ).toEqual(
      Object.entries(functions)
        .filter(([, { network }]) => network === 'egress')
        .map(([name]) => name)
        .sort(
          (one, other) => place.roles.findIndex((r) => r.name === one) - place.roles.findIndex((r) => r.name === other),
        ),
    );
  });

  it('ends at the kinds of rows that its policy names, and at their facts', () => {
    const { rows, facts } = takeover('tenants') ?? {};
    expect(rows?.create).toEqual(expect.arrayContaining(['tenants: key', 'tenants: tenant']));
    expect(rows?.create).not.toContain('tenants: operator');
    expect(facts).toEqual(['key', 'tenant']);
    expect(takeover('tenants', unconditional('tenants'))?.facts).toEqual(['key', 'operator', 'tenant']);
  });

  it('ends at the attributes that its policy names: without the fact’s own, nothing is believed', () => {
    expect(takeover('authorizer')?.facts).toEqual([]);
    expect(takeover('authorizer')?.rows.alter).toEqual(['tenants: key (only pk, sk, last_used_at)']);
    expect(takeover('authorizer', unconditional('authorizer'))?.facts).toEqual(['key', 'operator', 'tenant']);
  });

  it('is nobody making operators, and no fact where nothing is written', () => {
    expect(takeovers(place).flatMap(({ facts }) => facts)).not.toContain('operator');
    expect(takeover('docs')).toMatchObject({ facts: [], secrets: [], queues: [], bus: [] });
    expect(takeover('payments_read')?.facts).toEqual([]);
    expect(takeover('money')?.facts).toEqual(['connection_health', 'payment']);
  });
});
