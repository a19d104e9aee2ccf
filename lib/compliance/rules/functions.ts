// Lambda functions: each is one row of contract/<capability>/functions.ts, with that row's network, bounds and role, and
// nothing that the row does not say.

import { type FunctionName, type FunctionRow, functions } from '../../../contract/capabilities.ts';
import { concurrencyOf } from '../../derive/concurrency.ts';
import { functionPath } from '../../derive/function_stack.ts';
import { functionName } from '../../derive/names.ts';
import { networkTierOf } from '../../derive/network.ts';
import { type Json, keyArn, listed, ofType, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';

const types = ['AWS::Lambda::Function'];

const nameOf = (zone: RuleContext, name: Json): FunctionName | undefined =>
  (Object.keys(functions) as FunctionName[]).find((each) => functionName(zone.deployment, each) === name);

/** Names of the subnets that a route table without a way out, or with one, serves. */
const kindOf = (subnet: Json): string | undefined => /\/(isolated|egress|public)Subnet\d/.exec(String(subnet))?.[1];

type RowCheck = (row: FunctionRow, p: Json, zone: RuleContext, name: FunctionName) => readonly string[];

/** A function without a row breaks every rule. */
const ofRow =
  (check: RowCheck): Rule['check'] =>
  ({ p }, zone) => {
    const name = nameOf(zone, p.FunctionName);
    return name === undefined
      ? [`${p.FunctionName} has no row in contract/<capability>/functions.ts`]
      : check(functions[name], p, zone, name);
  };

export const functionRules: readonly Rule[] = [
  {
    id: 'Strongroom-LAM1',
    types,
    promises: ['NET-1'],
    statement: 'A function runs in the subnets and the one security group of its row.',
    check: ofRow((row, p) => {
      const subnets = listed(p.VpcConfig?.SubnetIds);
      const expected = row.network === 'egress' ? 'egress' : 'isolated';
      const group = `network/${networkTierOf(row)}-group`;
      return [
        ...unless(subnets.length >= 2, 'it is not in two subnets'),
        ...subnets
          .filter((subnet) => kindOf(subnet) !== expected)
          .map((subnet) => `it is in ${subnet}, not ${expected}`),
        ...unless(
          JSON.stringify(p.VpcConfig?.SecurityGroupIds) === JSON.stringify([`${group}.GroupId`]),
          `its security group is ${JSON.stringify(p.VpcConfig?.SecurityGroupIds)}, not ${group}`,
        ),
      ];
    }),
  },
  {
    id: 'Strongroom-LAM2',
    types,
    promises: ['HST-3', 'API-2'],
    statement: 'A function reserves the instances of its row where data is locked, and none elsewhere.',
    check: ofRow((row, p, { deployment }) =>
      unless(
        p.ReservedConcurrentExecutions === concurrencyOf(deployment, row),
        `it reserves ${p.ReservedConcurrentExecutions ?? 'none'}, not ${concurrencyOf(deployment, row) ?? 'none'}`,
      ),
    ),
  },
  {
    id: 'Strongroom-LAM3',
    types,
    promises: ['ENC-1', 'SEC-1'],
    statement: 'A function’s environment is under the data key and holds no secret.',
    check: ofRow((_, p) => [
      ...unless(p.KmsKeyArn === keyArn('data'), 'its environment is not under the data key'),
      ...Object.entries(p.Environment?.Variables ?? {})
        .filter(([, value]) => /resolve:secretsmanager|resolve:ssm/.test(String(value)))
        .map(([variable]) => `${variable} holds a secret`),
    ]),
  },
  {
    id: 'Strongroom-LAM4',
    types,
    promises: ['VUL-1', 'HST-3'],
    statement: 'A function has the supported runtime, and the memory and the time limit of its row.',
    check: ofRow((row, p) => [
      ...unless(p.Runtime === 'nodejs24.x', `it runs on ${p.Runtime}`),
      ...unless(p.Timeout === row.timeoutMs / 1000, `it may run ${p.Timeout} s, not ${row.timeoutMs / 1000}`),
      ...unless(p.MemorySize === row.memoryMiB, `it has ${p.MemorySize} MiB, not ${row.memoryMiB}`),
      ...unless(p.Layers === undefined, 'it runs code of a layer'),
    ]),
  },
  {
    id: 'Strongroom-LAM5',
    types,
    promises: ['IAM-1'],
    statement: 'A function has a role of its own.',
    check: ofRow((_, p, zone, name) => [
      ...unless(referredTo(zone, p.Role)?.name === `${functionPath(name)}-role`, `its role is ${p.Role}`),
      ...unless(
        ofType(zone, 'AWS::Lambda::Function').filter((other) => other.p.Role === p.Role).length === 1,
        'another function has the same role',
      ),
    ]),
  },
  {
    id: 'Strongroom-LAM6',
    types,
    promises: ['AUD-4'],
    statement: 'A function writes to a log group of its own, which the templates hold.',
    check: ofRow((_, p, zone, name) =>
      unless(
        referredTo(zone, p.LoggingConfig?.LogGroup)?.name === `${functionPath(name)}-logs`,
        `it writes to ${p.LoggingConfig?.LogGroup ?? 'a group that Lambda makes'}`,
      ),
    ),
  },
];
