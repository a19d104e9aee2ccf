// One role: what was asked for in each place, decided and set against its grants; then the grants by what used them.

import { wildcardReason } from '../../lib/compliance/wildcards.ts';
import type { Asked, Decider, Verdict } from './decide.ts';
import type { Finding, FindingKind, GrantReport, RoleReport } from './findings.ts';
import { attributesAsked, attributesOf, type Grant, hasWildcard, isEverything } from './grants.ts';
import { shortly } from './names.ts';
import type { CheckedRole, Place, Statement } from './place.ts';

interface Usage {
  readonly by: Set<Asked['by']>;
  readonly decidedBy: Set<string>;
  readonly attributes: Set<string>;
  shared: boolean;
}

/** As the function's own code would ask: with its credentials, and no endpoint on the way. */
const byItsCode = (asked: Asked, role: CheckedRole): Asked | undefined => {
  if (role.code === undefined) return undefined;
  const keys = Object.entries(role.code.keys).flatMap(([key, values]) =>
    values === undefined ? [] : [[key, values] as const],
  );
  return { ...asked, by: 'code', keys: { ...asked.keys, ...Object.fromEntries(keys) }, inVpc: false };
};

export interface Zone {
  readonly place: Place;
  readonly role: CheckedRole;
  readonly statements: readonly Statement[];
  readonly grants: readonly Grant[];
  readonly decide: Decider;
}

const spelled = ({ place }: Zone, { action, resource }: Asked): string =>
  `${action} on ${shortly(place.withoutNames(resource))}`;

export class RoleCheck {
  readonly findings: Finding[] = [];
  readonly #name: string;
  readonly #usages = new Map<string, Usage>();
  readonly #refuses = new Map<string, Grant>();
  #asked = 0;
  #denied = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** What was asked for under the role in the zone. */
  async ask(zone: Zone, asked: Asked): Promise<void> {
    this.#asked += 1;
    const verdict = await this.#decision(zone, asked);
    if (!verdict.allowed) {
      this.#denied += 1;
      const who = asked.by === 'code' ? 'its code' : 'AWS in its name';
      this.#found('denied', `${spelled(zone, asked)}, asked for by ${who}, is not allowed (${verdict.decidedBy})`);
      return;
    }
    const covering = zone.grants.filter(({ statement, covers }) => statement.Effect === 'Allow' && covers(asked));
    const [only] = covering;
    if (only === undefined) return;
    if (covering.length > 1) {
      for (const grant of covering) this.#usageOf(grant).shared = true;
      return;
    }
    const usage = this.#usageOf(only);
    usage.by.add(asked.by);
    usage.decidedBy.add(verdict.decidedBy);
    for (const attribute of attributesAsked(asked)) usage.attributes.add(attribute);
    if (isEverything(only.resource)) await this.#probe(zone, asked);
  }

  /** Whether the function's own code is kept from what AWS alone may do. */
  async #probe(zone: Zone, asked: Asked): Promise<void> {
    const probe = byItsCode(asked, zone.role);
    if (probe === undefined) return;
    if ((await this.#decision(zone, probe)).allowed)
      this.#found('open', `${spelled(zone, probe)} is for AWS alone, and the function’s own code may do it`);
    for (const grant of zone.grants)
      if (grant.statement.Effect === 'Deny' && grant.covers(probe)) this.#refuses.set(grant.at, grant);
  }

  async #decision(zone: Zone, asked: Asked): Promise<Verdict> {
    const verdict = await zone.decide(zone.role, zone.statements, asked);
    if (verdict.disputed) {
      const theirs = verdict.allowed ? 'yes' : 'no';
      this.#found('disputed', `${spelled(zone, asked)}: the simulator says ${theirs}, the local cloud the opposite`);
    }
    return verdict;
  }

  /** After everything was asked. The grants are alike in all zones, so those of one are reported. */
  report({ place, grants }: Zone): RoleReport {
    return {
      role: this.#name,
      grants: grants.flatMap((grant) => this.#grantReport(place, grant) ?? []),
      refuses: [...new Set([...this.#refuses.values()].map(({ action }) => action))],
      asked: this.#asked,
      denied: this.#denied,
    };
  }

  /** Undefined for what denies instead of granting. */
  #grantReport({ withoutNames, deployment }: Place, grant: Grant): GrantReport | undefined {
    const { statement, action } = grant;
    const resource = withoutNames(grant.resource);
    const text = `${action} on ${shortly(resource)} (${statement.Sid})`;
    if (statement.Effect === 'Deny') {
      if (!this.#refuses.has(grant.at))
        this.#found('unused', `${text} is denied, and nothing that was seen is refused by it`);
      return undefined;
    }
    const usage = this.#usageOf(grant);
    this.#findUnused(statement, usage, text);
    const wildcard = this.#wildcardReason(grant, deployment.account, text);
    return {
      action,
      resource,
      condition: JSON.parse(withoutNames(JSON.stringify(statement.Condition))),
      usedBy: [...usage.by].sort(),
      decidedBy: [...usage.decidedBy].sort(),
      ...(wildcard !== undefined && { wildcard }),
    };
  }

  #findUnused(statement: Statement, usage: Usage, text: string): void {
    if (usage.by.size === 0) {
      const why = usage.shared ? 'another grant allows all that used it' : 'nothing used it';
      this.#found('unused', `${text} is granted, and ${why}`);
      return;
    }
    for (const attribute of attributesOf(statement)) {
      if (!usage.attributes.has(attribute))
        this.#found('unused', `${text} is granted on the attribute ${attribute}, which nothing named`);
    }
  }

  /** Of the resource; complains where there is none, and of a wildcard in the action. */
  #wildcardReason({ statement, action, resource }: Grant, account: string, text: string): string | undefined {
    if (hasWildcard(action)) this.#found('wildcard', `${text}: an action with a wildcard`);
    if (!hasWildcard(resource)) return undefined;
    const reason = wildcardReason(
      `functions/${this.#name}-role`,
      resource.replace(account, '<account>'),
      statement.Action,
    );
    if (reason === undefined)
      this.#found('wildcard', `${text}: no reason is given for the wildcard (lib/compliance/wildcards.ts)`);
    return reason;
  }

  #usageOf({ at }: Grant): Usage {
    const usage = this.#usages.get(at) ?? {
      by: new Set(),
      decidedBy: new Set(),
      attributes: new Set(),
      shared: false,
    };
    this.#usages.set(at, usage);
    return usage;
  }

  #found(kind: FindingKind, text: string): void {
    this.findings.push({ kind, role: this.#name, text });
  }
}
