// Lambda functions: each is one row of contract/<capability>/functions.ts, with that row's network, bounds and role, and
// nothing that the row does not say.

import {
  type FunctionName,
  type FunctionRow,
  functions,
  type QueueName,
  queues,
} from '../../../contract/capabilities.ts';
import {
  type KmsKeyName,
  kmsKeys,
  type PlatformSecretName,
  platformSecrets,
} from '../../../contract/kernel/kms_keys.ts';
import { rateName, rates } from '../../../contract/kernel/rates.ts';
import { environmentOf } from '../../derive/environment.ts';
import { functionPath, stackOf } from '../../derive/function_stack.ts';
import { functionName, type ZoneDeployment } from '../../derive/names.ts';
import { networkTierOf } from '../../derive/network.ts';
import { ofOtherRegion } from '../../evidence/plain.ts';
import { environmentFaults } from '../grants/environment.ts';
import {
  isPromised,
  type Json,
  keyArn,
  listed,
  ofType,
  type Rule,
  type RuleContext,
  referredTo,
  unless,
} from '../rule.ts';
import { isStreamFinder } from './streams.ts';

const types = ['AWS::Lambda::Function'];

const nameOf = (zone: RuleContext, name: Json): FunctionName | undefined =>
  (Object.keys(functions) as FunctionName[]).find((each) => functionName(zone.deployment, each) === name);

/** Names of the subnets that a route table without a way out, or with one, serves. */
const kindOf = (subnet: Json): string | undefined => /\/(isolated|egress|public)Subnet\d/.exec(String(subnet))?.[1];

const named = <Name extends string>(names: object, text: (name: Name) => string): Record<Name, string> =>
  Object.fromEntries((Object.keys(names) as Name[]).map((name) => [name, text(name)])) as Record<Name, string>;

/** Of a replica the primary's, with the region in which it is. */
const secretArn = (secret: PlatformSecretName, { position, region, otherRegion }: ZoneDeployment): string =>
  position === 'home'
    ? `secrets/secret-${secret}`
    : `arn:aws:secretsmanager:${region}:<account>:secret:<part 6 of ${ofOtherRegion(otherRegion ?? '', `secrets/secret-${secret}`)}>`;

/** The environment that follows from a row, in the words in which templates are read. */
const environmentOfRow = (row: FunctionRow, { deployment }: RuleContext): Record<string, string> =>
  environmentOf(
    { toJsonString: (value: unknown) => JSON.stringify(value) },
    {
      deployment,
      arns: {
        keys: named<KmsKeyName>(kmsKeys, keyArn),
        secrets: named<PlatformSecretName>(platformSecrets, (secret) => secretArn(secret, deployment)),
        streams: {},
        failedRecords: 'relay/failed-stream-records.Arn',
      },
      queueUrls: named<QueueName>(queues, (queue) => `relay/${queue}`),
      usagePlanIds: Object.fromEntries(
        rates.map((rate) => [rateName(rate), `api/usage-plan-${rateName(rate).replace('.', '-')}`]),
      ),
      baseUrls: `${stackOf(row)}/BaseUrls`,
      testProcessorUrl: `${stackOf(row)}/TestProcessorUrl`,
      otherRegionUrl: `${stackOf(row)}/OtherRegionUrl`,
    },
    row,
  );

type RowCheck = (row: FunctionRow, p: Json, zone: RuleContext, name: FunctionName) => readonly string[];

/** A function without a row breaks every rule. */
const ofRow =
  (check: RowCheck): Rule['check'] =>
  (resource, zone) => {
    // Strongroom-STR2 has all that it may be.
    if (isStreamFinder(resource, zone)) return [];
    const { p } = resource;
    const name = nameOf(zone, p.FunctionName);
    return name === undefined
      ? [`${p.FunctionName} has no row in contract/<capability>/functions.ts`]
      : check(functions[name], p, zone, name);
  };

const settings = [
  ...[
    'Architectures',
    'Code',
    'CodeSigningConfigArn',
    'Description',
    'Environment',
    'EphemeralStorage',
    'FunctionName',
  ],
  ...['Handler', 'KmsKeyArn', 'LoggingConfig', 'MemorySize', 'RecursiveLoop', 'ReservedConcurrentExecutions', 'Role'],
  ...['Runtime', 'RuntimeManagementConfig', 'Tags', 'Timeout', 'TracingConfig', 'VpcConfig'],
];

/** Names alone: what a value is may be a secret. */
const differences = (expected: Record<string, string>, found: Json): readonly string[] => [
  ...Object.keys(expected)
    .filter((variable) => !sameValue(expected[variable], found[variable]))
    .map((variable) => `${variable} is not what follows from its row`),
  ...Object.keys(found)
    .filter((variable) => !Object.hasOwn(expected, variable))
    .map((variable) => `${variable} follows from no row`),
];

/** JSON objects whatever the order of their names. */
const sameValue = (expected: string | undefined, found: Json): boolean =>
  expected === found || (expected?.startsWith('{') === true && ordered(expected) === ordered(found));
const ordered = (text: Json): string => JSON.stringify(Object.entries(JSON.parse(text)).sort());

export const functionRules: readonly Rule[] = [
  {
    id: 'Strongroom-LAM1',
    types,
    promises: ['NET-1'],
    statement:
      'A function runs in the subnets and the one security group of its row; in a sandbox, which has none, in no VPC.',
    check: ofRow((row, p, zone) => {
      if (!isPromised(zone, 'NET-1'))
        return unless(p.VpcConfig === undefined, 'it is in a VPC that a sandbox does not have');
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
    statement: 'A function reserves the instances of its row; in a sandbox, which a new account must hold, none.',
    check: ofRow((row, p, zone) => {
      const expected = isPromised(zone, 'HST-3') ? row.reservedConcurrency : undefined;
      return unless(
        p.ReservedConcurrentExecutions === expected,
        `it reserves ${p.ReservedConcurrentExecutions ?? 'none'}, not ${expected ?? 'none'}`,
      );
    }),
  },
  {
    id: 'Strongroom-LAM3',
    types,
    promises: ['ENC-1', 'SEC-1'],
    statement: 'A function’s environment is under the data key and holds what follows from its row, and so no secret.',
    check: ofRow((row, p, zone) => [
      ...unless(p.KmsKeyArn === keyArn('data'), 'its environment is not under the data key'),
      ...differences(environmentOfRow(row, zone), p.Environment?.Variables ?? {}),
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
    id: 'Strongroom-LAM8',
    types,
    promises: ['SEC-1', 'HST-1'],
    statement:
      'An environment variable is one that the contract names, and holds the name of a resource of the zone or a word of the contract: never a secret or an address.',
    check: ofRow((_, p, { deployment }, name) => environmentFaults(deployment, name, p.Environment?.Variables ?? {})),
  },
  {
    id: 'Strongroom-LAM7',
    types,
    promises: ['IAM-1', 'RES-2'],
    statement:
      'A function has no setting that no rule reads: no file system, no other place for what fails, no other way in.',
    check: ({ p }) => Object.keys(p).flatMap((name) => unless(settings.includes(name), `nobody described ${name}`)),
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
