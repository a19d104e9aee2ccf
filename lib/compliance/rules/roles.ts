// Roles and policies: every action is named, every wildcard resource has a reason, and each role is assumed by exactly
// one service.

import { isWildcard, statementsOf } from '../policies.ts';
import { type Json, listed, type Resource, type Rule, unless } from '../rule.ts';
import { wildcardReason } from '../wildcards.ts';

const types = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];

const grantsOf = ({ p }: Resource): Json[] =>
  [...listed(p.Policies).map(({ PolicyDocument }) => PolicyDocument), ...listed(p.PolicyDocument)]
    .flatMap(statementsOf)
    // A denial may be as wide as it likes.
    .filter(({ Effect }) => Effect !== 'Deny');

/** Which service assumes a role, by the name of its construct. Without the conditions it could do so for any account. */
const trusted: readonly {
  readonly role: RegExp;
  readonly service: string;
  readonly conditions: readonly string[];
}[] = [
  { role: /-schedule-role$/, service: 'scheduler.amazonaws.com', conditions: ['aws:SourceAccount', 'aws:SourceArn'] },
  { role: /^account\/gateway-logs-role$/, service: 'apigateway.amazonaws.com', conditions: [] },
  {
    role: /^recovery\/(backup|restore-test)-role$/,
    service: 'backup.amazonaws.com',
    conditions: ['aws:SourceAccount'],
  },
  { role: /^network\/flow-logs-role$/, service: 'vpc-flow-logs.amazonaws.com', conditions: ['aws:SourceAccount'] },
  {
    role: /^functions\/deployments-role$/,
    service: 'codedeploy.amazonaws.com',
    conditions: ['aws:SourceAccount', 'aws:SourceArn'],
  },
  { role: /^data\/stream-finder-role$/, service: 'lambda.amazonaws.com', conditions: [] },
  { role: /^(functions|api)\/[a-z_]+-role$/, service: 'lambda.amazonaws.com', conditions: [] },
];

export const roles: readonly Rule[] = [
  {
    id: 'Strongroom-IAM1',
    types,
    promises: ['IAM-1', 'NET-1'],
    statement: 'No policy holds an action with a wildcard, or says what is not allowed instead of what is.',
    check: (resource) =>
      grantsOf(resource).flatMap(({ Sid, Action, NotAction, NotResource }) => [
        ...unless(
          NotAction === undefined && NotResource === undefined,
          `${Sid ?? 'a statement'} has a NotAction or NotResource`,
        ),
        ...unless(Action !== undefined, `${Sid ?? 'a statement'} names no action`),
        ...listed(Action)
          .filter(isWildcard)
          .map((action) => `${Sid ?? 'a statement'} allows ${action}`),
      ]),
  },
  {
    id: 'Strongroom-IAM2',
    types,
    promises: ['IAM-1', 'NET-1'],
    statement: 'A resource with a wildcard is listed in lib/compliance/wildcards.ts with its reason.',
    check: (resource) =>
      grantsOf(resource).flatMap(({ Sid, Action, Resource: resources }) =>
        listed(resources)
          .filter(isWildcard)
          .filter((each) => wildcardReason(resource.name, each, listed(Action)) === undefined)
          .map((each) => `${Sid ?? 'a statement'} allows ${listed(Action).join(', ')} on ${each}`),
      ),
  },
  {
    id: 'Strongroom-IAM3',
    types: ['AWS::IAM::Role'],
    promises: ['IAM-1', 'HST-1'],
    statement: 'A role is assumed by exactly the service that needs it, and by nobody else.',
    check: ({ name, p }) => {
      const expected = trusted.find(({ role }) => role.test(name));
      if (expected === undefined) return ['no service is known to need it'];
      const statements = statementsOf(p.AssumeRolePolicyDocument);
      const conditions = JSON.stringify(statements[0]?.Condition ?? {});
      return [
        ...unless(
          statements.length === 1 &&
            JSON.stringify(statements[0].Principal) === JSON.stringify({ Service: expected.service }) &&
            statements[0].Action === 'sts:AssumeRole',
          `it trusts ${JSON.stringify(statements.map(({ Principal }) => Principal))}, not ${expected.service} alone`,
        ),
        ...expected.conditions
          .filter((key) => !conditions.includes(`"${key}"`))
          .map((key) => `its trust lacks the condition ${key}`),
      ];
    },
  },
  {
    id: 'Strongroom-IAM4',
    types: ['AWS::IAM::Role'],
    promises: ['IAM-1'],
    statement: 'A role has the policy inside it alone: no managed policy of AWS and no other policy is attached.',
    check: ({ name, p }, zone) => [
      ...listed(p.ManagedPolicyArns).map((policy) => `${policy} is attached`),
      ...zone.resources
        .filter(
          ({ type, p: policy }) =>
            /^AWS::IAM::(Managed|Role)?Policy$/.test(type) && listed(policy.Roles).includes(name),
        )
        .map((policy) => `${policy.name} is attached`),
    ],
  },
  {
    id: 'Strongroom-IAM5',
    types: ['AWS::IAM::Role'],
    promises: ['NET-1', 'IAM-1'],
    statement: 'What Lambda needs to attach a function to the network, the function’s own code is denied.',
    check: ({ p }) => {
      const statements = listed(p.Policies).flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
      const verbs = (effect: string, condition?: string): string[] =>
        statements
          .filter(
            (each) =>
              each.Effect === effect &&
              (condition === undefined || JSON.stringify(each.Condition ?? {}).includes(condition)),
          )
          .flatMap(({ Action }) => listed(Action))
          .filter((action) => action.startsWith('ec2:'));
      const denied = verbs('Deny', '"lambda:SourceFunctionArn"');
      return verbs('Allow')
        .filter((verb) => !denied.includes(verb))
        .map((verb) => `its code may ${verb}`);
    },
  },
];
