// Least privilege both ways: what a function asked for is allowed, and what it is granted was needed. A grant counts as used
// only by an access that nothing else allows, so that no statement can go without an access being denied.

import { createDecider } from './decide.ts';
import type { Finding, RoleReport } from './findings.ts';
import { grantsOf } from './grants.ts';
import { type CheckedRole, type Place, placeName, type Statement } from './place.ts';
import type { AskedBy } from './recordings.ts';
import { RoleCheck, type Zone } from './role_check.ts';

/** The statements that count instead of the synthesized ones; a test takes some away. */
export type Edit = (role: CheckedRole) => readonly Statement[];
const asSynthesized: Edit = ({ statements }) => statements;

export interface Checker {
  /** `name`: a function, or what starts one. */
  checkRole(name: string, edit?: Edit): Promise<{ readonly report: RoleReport; readonly findings: readonly Finding[] }>;
}

export function createChecker(places: readonly Place[], all: readonly AskedBy[]): Checker {
  const deciders = new Map(places.map((place) => [place, createDecider(place)] as const));

  const zonesOf = (name: string, edit: Edit): Zone[] =>
    places.map((place) => {
      const role = place.roles.find((each) => each.name === name);
      const decide = deciders.get(place);
      if (role === undefined || decide === undefined) throw new Error(`${placeName(place)} has no role of ${name}`);
      const statements = edit(role);
      return { place, role, statements, grants: grantsOf(role, statements), decide };
    });

  return {
    async checkRole(name, edit = asSynthesized) {
      const zones = zonesOf(name, edit);
      const roleCheck = new RoleCheck(name);
      for (const zone of zones) {
        for (const { role, asked } of all) if (role.arn === zone.role.arn) await roleCheck.ask(zone, asked);
      }
      const [first] = zones;
      if (first === undefined) throw new Error('there is no place to check');
      return { report: roleCheck.report(first), findings: roleCheck.findings };
    },
  };
}

const unique = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

/** Statements of the role, with the names of the place taken out. */
const shapesOf = ({ roles, withoutNames }: Place, name: string): string[] =>
  (roles.find((each) => each.name === name)?.statements ?? []).map((each) => withoutNames(JSON.stringify(each)));

/** What any place grants that another does not. */
export function differences(places: readonly Place[]): Finding[] {
  const [first, ...others] = places;
  if (first === undefined) return [];
  return others.flatMap((place) =>
    unique([...first.roles, ...place.roles].map(({ name }) => name)).flatMap((name): Finding[] => {
      const [here, there] = [shapesOf(first, name), shapesOf(place, name)];
      const odd = [...here.filter((each) => !there.includes(each)), ...there.filter((each) => !here.includes(each))];
      return odd.map((text) => ({
        kind: 'differs',
        role: name,
        text: `${placeName(first)} and ${placeName(place)} differ: ${text}`,
      }));
    }),
  );
}

export interface Checked {
  readonly roles: readonly RoleReport[];
  readonly findings: readonly Finding[];
}

/** `checked`: the places in which what was recorded ran, which must grant the same. */
export async function check(
  checked: readonly Place[],
  recorded: { readonly asked: readonly AskedBy[]; readonly strays: readonly string[] },
): Promise<Checked & { readonly checker: Checker }> {
  const checker = createChecker(checked, recorded.asked);
  const roles: RoleReport[] = [];
  const findings: Finding[] = [
    ...differences(checked),
    ...recorded.strays.map((text): Finding => ({ kind: 'stray', role: '–', text })),
  ];
  for (const { name } of checked[0]?.roles ?? []) {
    const of = await checker.checkRole(name);
    roles.push(of.report);
    findings.push(...of.findings);
  }
  return { roles, findings, checker };
}
