// How a second region learns of the streams of its replicas: by one function that may describe those tables and nothing else, whose
// code is the one that lies here to be read.

import { isDeepStrictEqual } from 'node:util';
import { type TableName, tables } from '../../../contract/capabilities.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import { streamFinderCode, streamResourceType } from '../../constructs/stream_finder.ts';
import { streamFinderName, tableName } from '../../derive/names.ts';
import { factsOf } from '../../evidence/statements.ts';
import { type Json, listed, type Resource, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';

const finder = 'data/stream-finder';

/** The one function that has no row: of the second region alone. */
export const isStreamFinder = ({ name }: Resource, { deployment }: RuleContext): boolean =>
  name === finder && deployment.position === 'second';

const streamed = ({ deployment }: RuleContext): string[] =>
  (Object.entries(tables) as [TableName, Table][])
    .filter(([, { stream }]) => stream)
    .map(([name]) => tableName(deployment, name));

/** All that its role may do. */
const grants = (zone: RuleContext): string[] => [
  ...streamed(zone).map(
    (name) => `allow dynamodb:DescribeTable on arn:aws:dynamodb:${zone.region}:<account>:table/${name}`,
  ),
  `allow logs:CreateLogStream on ${finder}-logs.Arn`,
  `allow logs:PutLogEvents on ${finder}-logs.Arn`,
];

const grantsOf = (role: Resource | undefined): string[] =>
  listed(role?.p.Policies).flatMap(({ PolicyDocument }) => factsOf(PolicyDocument));

const own = (p: Json): Json => ({ code: p.Code, environment: p.Environment, runtime: p.Runtime, layers: p.Layers });

export const streamRules: readonly Rule[] = [
  {
    id: 'Strongroom-STR1',
    types: [streamResourceType],
    promises: ['AUD-1', 'RES-4'],
    statement: 'A replica’s stream is that of the table whose row it is named after, as DynamoDB names it.',
    check: ({ name, p }, zone) => {
      const table = name.replace(/^data\/stream-/, '') as TableName;
      return [
        ...unless(p.ServiceToken === `${finder}.Arn`, `${p.ServiceToken} finds it`),
        ...unless(
          Object.hasOwn(tables, table) && p.TableName === tableName(zone.deployment, table),
          `it is the stream of ${p.TableName}`,
        ),
        ...unless(typeof p.ServiceTimeout === 'string', 'a deployment may wait for it for an hour'),
      ];
    },
  },
  {
    id: 'Strongroom-STR2',
    types: ['AWS::Lambda::Function'],
    promises: ['IAM-1', 'HST-2'],
    statement:
      'The function that finds streams has the code of lib/constructs/stream_finder.ts, no environment, and a role that may describe tables that stream.',
    check: (resource, zone) => {
      if (!isStreamFinder(resource, zone)) return [];
      const { p } = resource;
      const code = {
        code: { ZipFile: streamFinderCode },
        environment: undefined,
        runtime: 'nodejs24.x',
        layers: undefined,
      };
      return [
        ...unless(p.FunctionName === streamFinderName(zone.deployment), `it is named ${p.FunctionName}`),
        ...unless(isDeepStrictEqual(own(p), code), 'it runs other code, or is given an environment'),
        ...unless(
          isDeepStrictEqual(grantsOf(referredTo(zone, p.Role)).sort(), grants(zone).sort()),
          'its role may do something else',
        ),
      ];
    },
  },
];
