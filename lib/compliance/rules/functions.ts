// Lambda functions: each is one row of contract/functions.ts, with that row's network, bounds and role, and nothing that
// the row does not say.

import { type FunctionName, type FunctionRow, functions } from '../../../contract/capabilities.ts';
import { concurrencyOf } from '../../derive/concurrency.ts';
import { functionName } from '../../derive/names.ts';
import { reachOf } from '../../derive/network.ts';
import { type Json, keyArn, listed, ofType, type Rule, referredTo, type Surroundings, unless } from '../rule.ts';

const types = ['AWS::Lambda::Function'];

const nameOf = (zone: Surroundings, name: Json): FunctionName | undefined =>
  (Object.keys(functions) as FunctionName[]).find((each) => functionName(zone.place, each) === name);

/** Names of the subnets that a route table without a way out, or with one, serves. */
const kindOf = (subnet: Json): string | undefined => /\/(isolated|egress|public)Subnet\d/.exec(String(subnet))?.[1];

type Breaks = (row: FunctionRow, p: Json, zone: Surroundings, name: FunctionName) => readonly string[];

/** A function without a row breaks every rule. */
const ofRow =
  (breaks: Breaks): Rule['breaks'] =>
  ({ p }, zone) => {
    const name = nameOf(zone, p.FunctionName);
    return name === undefined
      ? [`${p.FunctionName} has no row in contract/functions.ts`]
      : breaks(functions[name], p, zone, name);
  };

export const functionRules: readonly Rule[] = [
  {
    id: 'Strongroom-LAM1',
    types,
    keeps: ['NET-1'],
    states: 'A function stands in the subnets and the one security group of its row.',
    breaks: ofRow((row, p, _, name) => {
      const subnets = listed(p.VpcConfig?.SubnetIds);
      const expected = row.network === 'egress' ? 'egress' : 'isolated';
      const group = `network/${reachOf(name, row)}-group`;
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
    keeps: ['HST-3', 'API-2'],
    states: 'A function reserves the instances that lib/derive/concurrency.ts states, or shares them all.',
    breaks: ofRow((_, p, zone, name) =>
      unless(
        p.ReservedConcurrentExecutions === concurrencyOf(zone.place, name),
        `it reserves ${p.ReservedConcurrentExecutions ?? 'none'}, not ${concurrencyOf(zone.place, name) ?? 'none'}`,
      ),
    ),
  },
  {
    id: 'Strongroom-LAM3',
    types,
    keeps: ['ENC-1', 'SEC-1'],
    states: 'A function’s environment is under the data key and holds no secret.',
    breaks: ofRow((_, p) => [
      ...unless(p.KmsKeyArn === keyArn('data'), 'its environment is not under the data key'),
      ...Object.entries(p.Environment?.Variables ?? {})
        .filter(([, value]) => /resolve:secretsmanager|resolve:ssm/.test(String(value)))
        .map(([variable]) => `${variable} holds a secret`),
    ]),
  },
  {
    id: 'Strongroom-LAM4',
    types,
    keeps: ['VUL-1', 'HST-3'],
    states: 'A function has the supported runtime, and the memory and the time limit of its row.',
    breaks: ofRow((row, p) => [
      ...unless(p.Runtime === 'nodejs24.x', `it runs on ${p.Runtime}`),
      ...unless(p.Timeout === row.timeoutMs / 1000, `it may run ${p.Timeout} s, not ${row.timeoutMs / 1000}`),
      ...unless(p.MemorySize === row.memoryMiB, `it has ${p.MemorySize} MiB, not ${row.memoryMiB}`),
      ...unless(p.Layers === undefined, 'it runs code of a layer'),
    ]),
  },
  {
    id: 'Strongroom-LAM5',
    types,
    keeps: ['IAM-1'],
    states: 'A function has a role of its own.',
    breaks: ofRow((_, p, zone, name) => [
      ...unless(referredTo(zone, p.Role)?.name === `api/${name}-role`, `its role is ${p.Role}`),
      ...unless(
        ofType(zone, 'AWS::Lambda::Function').filter((other) => other.p.Role === p.Role).length === 1,
        'another function has the same role',
      ),
    ]),
  },
  {
    id: 'Strongroom-LAM6',
    types,
    keeps: ['AUD-4'],
    states: 'A function writes to a log group of its own, which the templates hold.',
    breaks: ofRow((_, p, zone, name) =>
      unless(
        referredTo(zone, p.LoggingConfig?.LogGroup)?.name === `api/${name}-logs`,
        `it writes to ${p.LoggingConfig?.LogGroup ?? 'a group that Lambda makes'}`,
      ),
    ),
  },
];
