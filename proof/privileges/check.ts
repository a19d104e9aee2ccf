// Least privilege both ways: what a function asked for is allowed, and what it is granted was needed. A grant counts as used
// only by an access that nothing else allows, so that no statement can go without an access being denied.

import { wildcardReason } from '../../lib/compliance/wildcards.ts';
import { type Asked, createDecider, type Decider, type Verdict } from './decide.ts';
import { attributesAsked, attributesOf, type Grant, grantsOf, hasWildcard, isEverything } from './grants.ts';
import { shortly } from './names.ts';
import { type CheckedRole, type Place, placeName, type Statement } from './place.ts';
import type { AskedBy } from './recordings.ts';

export type FindingKind =
  /** Asked for, and not allowed. */
  | 'denied'
  /** Granted, and not needed by anything that was asked for. */
  | 'unused'
  /** Granted on everything of a service for AWS's own use, and the function's code is not kept from it. */
  | 'open'
  /** A wildcard that is nowhere explained. */
  | 'wildcard'
  /** The places differ in more than names. */
  | 'differs'
  /** The two that decide disagree. */
  | 'disputed'
  | 'stray';

export interface Finding {
  readonly kind: FindingKind;
  readonly role: string;
  readonly text: string;
}

export interface GrantReport {
  readonly action: string;
  /** Names of the place taken out, as in everything below. */
  readonly resource: string;
  readonly condition: Statement['Condition'];
  readonly usedBy: readonly Asked['by'][];
  /** Who said that what used it is allowed. */
  readonly decidedBy: readonly string[];
  /** Why the resource holds a wildcard. */
  readonly wildcard?: string;
}

export interface RoleReport {
  readonly role: string;
  readonly grants: readonly GrantReport[];
  /** Actions that its code was seen to be refused, though AWS may do them in its role's name. */
  readonly refuses: readonly string[];
  /** Different accesses that were asked for, and how many of them are not allowed. */
  readonly asked: number;
  readonly denied: number;
}

/** The statements that count instead of the synthesized ones; a test takes some away. */
export type Edit = (role: CheckedRole) => readonly Statement[];
const asSynthesized: Edit = ({ statements }) => statements;

export interface Checker {
  /** `name`: a function, or what starts one. */
  checkRole(name: string, edit?: Edit): Promise<{ readonly report: RoleReport; readonly findings: readonly Finding[] }>;
}

interface Usage {
  readonly by: Set<Asked['by']>;
  readonly decidedBy: Set<string>;
  readonly attributes: Set<string>;
  shared: boolean;
}

const unique = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

/** As the function's own code would ask: with its credentials, and no endpoint on the way. */
const byItsCode = (asked: Asked, role: CheckedRole): Asked | undefined => {
  if (role.code === undefined) return undefined;
  const keys = Object.entries(role.code.keys).flatMap(([key, values]) =>
    values === undefined ? [] : [[key, values] as const],
  );
  return { ...asked, by: 'code', keys: { ...asked.keys, ...Object.fromEntries(keys) }, inVpc: false };
};

interface Zone {
  readonly place: Place;
  readonly role: CheckedRole;
  readonly statements: readonly Statement[];
  readonly grants: readonly Grant[];
  readonly decide: Decider;
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
      const findings: Finding[] = [];
      const usages = new Map<string, Usage>();
      const refuses = new Map<string, Grant>();
      let asked = 0;
      let denied = 0;
      const found = (kind: FindingKind, text: string): void => void findings.push({ kind, role: name, text });
      const usageOf = ({ at }: Grant): Usage => {
        const usage = usages.get(at) ?? {
          by: new Set(),
          decidedBy: new Set(),
          attributes: new Set(),
          shared: false,
        };
        usages.set(at, usage);
        return usage;
      };

      const zones = zonesOf(name, edit);
      for (const zone of zones) {
        const { place, role, statements, grants, decide } = zone;
        const spelled = ({ action, resource }: Asked): string =>
          `${action} on ${shortly(place.withoutNames(resource))}`;
        const decisionOn = async (what: Asked): Promise<Verdict> => {
          const verdict = await decide(role, statements, what);
          if (verdict.disputed)
            found(
              'disputed',
              `${spelled(what)}: the simulator says ${verdict.allowed ? 'yes' : 'no'}, the local cloud the opposite`,
            );
          return verdict;
        };

        for (const one of all.filter((each) => each.role.arn === role.arn)) {
          asked += 1;
          const verdict = await decisionOn(one.asked);
          if (!verdict.allowed) {
            denied += 1;
            const who = one.asked.by === 'code' ? 'its code' : 'AWS in its name';
            found('denied', `${spelled(one.asked)}, asked for by ${who}, is not allowed (${verdict.decidedBy})`);
            continue;
          }
          const covering = grants.filter(({ statement, covers }) => statement.Effect === 'Allow' && covers(one.asked));
          const [only] = covering;
          if (only === undefined) continue;
          if (covering.length > 1) {
            for (const grant of covering) usageOf(grant).shared = true;
            continue;
          }
          const usage = usageOf(only);
          usage.by.add(one.asked.by);
          usage.decidedBy.add(verdict.decidedBy);
          for (const attribute of attributesAsked(one.asked)) usage.attributes.add(attribute);

          const probe = isEverything(only.resource) ? byItsCode(one.asked, role) : undefined;
          if (probe === undefined) continue;
          if ((await decisionOn(probe)).allowed)
            found('open', `${spelled(probe)} is for AWS alone, and the function’s own code may do it`);
          for (const grant of grants)
            if (grant.statement.Effect === 'Deny' && grant.covers(probe)) refuses.set(grant.at, grant);
        }
      }

      const [first] = zones;
      if (first === undefined) throw new Error('there is no place to check');
      const { withoutNames, deployment } = first.place;
      const reports = first.grants.flatMap((grant): GrantReport[] => {
        const { statement, action } = grant;
        const resource = withoutNames(grant.resource);
        const spelled = `${action} on ${shortly(resource)} (${statement.Sid})`;
        if (statement.Effect === 'Deny') {
          if (!refuses.has(grant.at))
            found('unused', `${spelled} is denied, and nothing that was seen is refused by it`);
          return [];
        }
        const usage = usageOf(grant);
        if (usage.by.size === 0)
          found(
            'unused',
            `${spelled} is granted, and ${usage.shared ? 'another grant allows all that used it' : 'nothing used it'}`,
          );
        for (const attribute of attributesOf(statement)) {
          if (usage.by.size > 0 && !usage.attributes.has(attribute))
            found('unused', `${spelled} is granted on the attribute ${attribute}, which nothing named`);
        }
        if (hasWildcard(action)) found('wildcard', `${spelled}: an action with a wildcard`);
        const wildcard = hasWildcard(grant.resource)
          ? wildcardReason(
              `functions/${name}-role`,
              grant.resource.replace(deployment.account, '<account>'),
              statement.Action,
            )
          : undefined;
        if (hasWildcard(grant.resource) && wildcard === undefined)
          found('wildcard', `${spelled}: no reason is given for the wildcard (lib/compliance/wildcards.ts)`);
        return [
          {
            action,
            resource,
            condition: JSON.parse(withoutNames(JSON.stringify(statement.Condition))),
            usedBy: [...usage.by].sort(),
            decidedBy: unique(usage.decidedBy),
            ...(wildcard !== undefined && { wildcard }),
          },
        ];
      });

      const report: RoleReport = {
        role: name,
        grants: reports,
        refuses: [...new Set([...refuses.values()].map(({ action }) => action))],
        asked,
        denied,
      };
      return { report, findings };
    },
  };
}

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

/** `checked`: the places in which what was recorded ran. `others` must grant the same. */
export async function check(
  checked: readonly Place[],
  others: readonly Place[],
  recorded: { readonly asked: readonly AskedBy[]; readonly strays: readonly string[] },
): Promise<Checked & { readonly checker: Checker }> {
  const checker = createChecker(checked, recorded.asked);
  const roles: RoleReport[] = [];
  const findings: Finding[] = [
    ...differences([...checked, ...others]),
    ...recorded.strays.map((text): Finding => ({ kind: 'stray', role: '–', text })),
  ];
  for (const { name } of checked[0]?.roles ?? []) {
    const of = await checker.checkRole(name);
    roles.push(of.report);
    findings.push(...of.findings);
  }
  return { roles, findings, checker };
}
