// What a deployment would change, in the order in which it matters: what is lost, who may do more, what opens, what protects or
// watches less, what it costs; then the rest, counted.

import { type IdleLine, idleCost } from '../../lib/costs/idle.ts';
import type { Resource, Template } from '../../lib/template.ts';
import { alarmsOf, type Named, openingsOf, protectionsOf, retentionOf } from './facts.ts';
import { canonical } from './plain_text.ts';
import { type Right, rightsOf, widened } from './rights.ts';
import { type Loss, lossesOf } from './stateful.ts';

/** A stack in its region. */
export interface StackState {
  readonly id: string;
  readonly region: string;
  readonly template: Template;
  readonly terminationProtection: boolean;
}

export interface Change {
  readonly type: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export interface Differences {
  readonly newStacks: readonly string[];
  readonly removedStacks: readonly string[];
  readonly losses: readonly (Loss & { readonly stack: string })[];
  readonly rights: readonly Right[];
  readonly opened: readonly string[];
  readonly unprotected: readonly string[];
  readonly unwatched: readonly string[];
  /** Dollars a month while idle: what becomes dearer or cheaper. */
  readonly costs: readonly { readonly what: string; readonly dollars: number }[];
  readonly changes: readonly Change[];
}

/** What two regions have under one name is two things: each is compared with its own past. */
function* regionsIn(before: readonly StackState[], after: readonly StackState[]) {
  for (const region of new Set([...before, ...after].map((stack) => stack.region))) {
    const here = (stacks: readonly StackState[]): StackState[] => stacks.filter((stack) => stack.region === region);
    yield { region, before: here(before), after: here(after) };
  }
}

const inEach = <T>(
  before: readonly StackState[],
  after: readonly StackState[],
  compare: (before: readonly StackState[], after: readonly StackState[], region: string) => readonly T[],
): T[] => [...regionsIn(before, after)].flatMap((here) => compare(here.before, here.after, here.region));

const resourcesOf = (stacks: readonly StackState[]): Named[] =>
  stacks.flatMap(({ template }) => Object.entries(template.Resources ?? {}));

const minus = (some: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...some].filter((each) => !others.has(each));

function unprotectedIn(before: readonly StackState[], after: readonly StackState[], region: string): string[] {
  const [old, fresh] = [retentionOf(resourcesOf(before)), retentionOf(resourcesOf(after))];
  const shorter = [...fresh].flatMap(([name, days]) => {
    const was = old.get(name);
    return was !== undefined && days < was
      ? [`logs of ${name} are deleted after ${days} days, not ${Number.isFinite(was) ? was : 'never'}`]
      : [];
  });
  const deletable = after
    .filter(
      ({ id, terminationProtection }) =>
        !terminationProtection && before.find((was) => was.id === id)?.terminationProtection,
    )
    .map(({ id }) => `stack ${id} may be deleted`);
  const lost = minus(protectionsOf(resourcesOf(before)), protectionsOf(resourcesOf(after)));
  return [
    ...deletable,
    ...[...lost.map((each) => `no longer: ${each}`), ...shorter].map((each) => `${region}: ${each}`),
  ];
}

function costsOf(before: readonly StackState[], after: readonly StackState[]): Differences['costs'] {
  const [old, fresh] = [idleCost(before), idleCost(after)];
  const whats = [...new Set([...old, ...fresh].map(({ what }) => what))];
  const dollarsIn = (lines: readonly IdleLine[], what: string): number =>
    lines.find((line) => line.what === what)?.dollars ?? 0;
  return whats
    .map((what) => ({ what, dollars: dollarsIn(fresh, what) - dollarsIn(old, what) }))
    .filter(({ dollars }) => Math.abs(dollars) >= 0.005)
    .sort((a, b) => b.dollars - a.dollars);
}

type Facts = readonly StackState[];

type Places = ReadonlyMap<string, Resource>;

/** Each resource by its stack and its logical id. A published version, and the number of it, follow from a function that is there too. */
const placesOf = (stacks: readonly StackState[]): Places =>
  new Map(
    stacks.flatMap(({ id, template }) =>
      Object.entries(template.Resources ?? {})
        .filter(([, { Type }]) => Type !== 'AWS::Lambda::Version')
        .map(([logical, resource]) => [`${id} ${logical}`, withoutVersion(resource)] as const),
    ),
  );

const withoutVersion = (resource: Resource): Resource => {
  if (resource.Type !== 'AWS::Lambda::Alias') return resource;
  const { FunctionVersion: _, ...Properties } = resource.Properties ?? {};
  return { ...resource, Properties };
};

function changesOf(before: Places, after: Places): Change[] {
  const counts = new Map<string, { added: number; changed: number; removed: number }>();
  const count = (type: string, what: 'added' | 'changed' | 'removed'): void => {
    const row = counts.get(type) ?? { added: 0, changed: 0, removed: 0 };
    row[what] += 1;
    counts.set(type, row);
  };
  for (const [place, resource] of after) {
    const was = before.get(place);
    if (was === undefined) count(resource.Type, 'added');
    else if (canonical(was) !== canonical(resource)) count(resource.Type, 'changed');
  }
  for (const [place, { Type }] of before) if (!after.has(place)) count(Type, 'removed');
  return [...counts].map(([type, row]) => ({ type, ...row })).sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** `before`: the stacks that there are, of those that `after` has or had. */
export function differencesOf(before: readonly StackState[], after: readonly StackState[]): Differences {
  const was = (id: string) => before.find((stack) => stack.id === id);
  // A stack that is made grants and opens all that it has; it is counted as new, and the rest is compared.
  const known = after.filter(({ id }) => was(id) !== undefined);
  const gone = before.filter(({ id }) => !after.some((stack) => stack.id === id));
  const facts = (was: Facts, is: Facts) => (each: (resources: readonly Named[]) => Set<string>) =>
    inEach(was, is, (old, fresh, region) =>
      minus(each(resourcesOf(fresh)), each(resourcesOf(old))).map((fact) => `${region}: ${fact}`),
    );
  return {
    newStacks: after.filter((stack) => !known.includes(stack)).map(({ id }) => id),
    removedStacks: gone.map(({ id }) => id),
    losses: [
      ...known.flatMap(({ id, template }) =>
        lossesOf(was(id)?.template ?? {}, template).map((loss) => ({ ...loss, stack: id })),
      ),
      ...gone.flatMap(({ id, template }) => lossesOf(template, {}).map((loss) => ({ ...loss, stack: id }))),
    ],
    rights: inEach(before, known, (old, fresh) => widened(rightsOf(resourcesOf(old)), rightsOf(resourcesOf(fresh)))),
    opened: facts(before, known)(openingsOf),
    unprotected: inEach(before, after, unprotectedIn),
    // What was, and is no more.
    unwatched: facts(after, before)(alarmsOf),
    costs: costsOf(before, after),
    changes: changesOf(placesOf(before), placesOf(after)),
  };
}
