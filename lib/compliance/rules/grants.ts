// Everything that is granted in a zone follows from the contract, and everything that the contract grants is there: statements of
// roles, of keys and of every other resource, wherever they stand in a template, and permissions to call functions.

import { type KmsKeyName, kmsKeys } from '../../../contract/kernel/kms_keys.ts';
import { factsOf, policiesIn } from '../../evidence/statements.ts';
import { keyStatements } from '../grants/key_policies.ts';
import { permissionFact, permissionFacts } from '../grants/permissions.ts';
import { resourceStatements } from '../grants/resource_policies.ts';
import { rolesOf } from '../grants/roles.ts';
import { factsFrom, inWords } from '../grants/statement.ts';
import { ofType, type Resource, type RuleContext } from '../rule.ts';
import type { Fault, ZoneRule } from '../zone_rule.ts';

const trust = (fact: string): string => `trust: ${fact}`;

/** All that a resource grants, as facts. */
const found = ({ p }: Resource, { deployment }: RuleContext): string[] => {
  const { AssumeRolePolicyDocument, ...rest } = p;
  return [
    ...factsOf(AssumeRolePolicyDocument).map(trust),
    ...[...policiesIn(rest)].flatMap((document) => factsOf(document)),
  ].map((fact) => inWords(fact, deployment));
};

/** By construct. */
function declared({ deployment }: RuleContext): Map<string, readonly string[]> {
  const facts = new Map<string, readonly string[]>();
  for (const [name, { trust: who, grants }] of Object.entries(rolesOf(deployment))) {
    facts.set(name, [...factsFrom([who]).map(trust), ...factsFrom(grants)]);
  }
  for (const name of Object.keys(kmsKeys) as KmsKeyName[]) {
    facts.set(`keys/key-${name}`, factsFrom(keyStatements(deployment, name)));
  }
  for (const [name, statements] of Object.entries(resourceStatements(deployment)))
    facts.set(name, factsFrom(statements));
  return facts;
}

const at = ({ path, templateFile, logicalId }: Resource, wrong: string): Fault => ({
  path,
  templateFile,
  logicalId,
  wrong,
});

/** What stands on one side alone. */
const difference = (one: readonly string[], other: readonly string[]): string[] => {
  const known = new Set(other);
  return [...new Set(one)].filter((fact) => !known.has(fact));
};

function policyFaults(zone: RuleContext): Fault[] {
  const expected = declared(zone);
  const holders = zone.resources.filter((resource) => expected.has(resource.name) && !/Alias$/.test(resource.type));
  const missing = [...expected.keys()].filter((name) => !holders.some((resource) => resource.name === name));
  const [first] = zone.resources;
  return [
    ...zone.resources.flatMap((resource) => {
      const facts = found(resource, zone);
      const wanted = holders.includes(resource) ? (expected.get(resource.name) ?? []) : [];
      return [
        ...difference(facts, wanted).map((fact) => at(resource, `nothing declares: ${fact}`)),
        ...difference(wanted, facts).map((fact) => at(resource, `it is declared and missing: ${fact}`)),
      ];
    }),
    ...(first === undefined ? [] : missing.map((name) => at(first, `${name} is declared and missing`))),
  ];
}

function permissionFaults(zone: RuleContext): Fault[] {
  const wanted = permissionFacts(zone.deployment);
  const permissions = ofType(zone, 'AWS::Lambda::Permission').map((resource) => ({
    resource,
    fact: permissionFact(resource, zone),
  }));
  const facts = permissions.map(({ fact }) => fact);
  const [first] = ofType(zone, 'AWS::Lambda::Function');
  return [
    ...permissions
      .filter(({ fact }) => !wanted.includes(fact))
      .map(({ resource, fact }) => at(resource, `nothing declares: ${fact}`)),
    ...(first === undefined
      ? []
      : difference(wanted, facts).map((fact) => at(first, `it is declared and missing: ${fact}`))),
  ];
}

export const grants: ZoneRule = {
  id: 'Strongroom-GRANT1',
  promises: ['HST-1', 'IAM-1', 'NET-1', 'ENC-1'],
  statement:
    'Who may do what follows from the contract, in both directions: a grant that lib/compliance/grants does not derive from it is refused, and so is the lack of one that it does.',
  check: (zone) => [...policyFaults(zone), ...permissionFaults(zone)],
};
