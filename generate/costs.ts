// docs/generated/costs.md: what a request of each operation costs, as declared in contract/<capability>/descriptions.ts and measured by its
// test, with dollars for what is counted. Lambda's time is not declared: `npm run bench` measures it.

import { costs, type OperationId, operations as rows } from '../contract/capabilities.ts';
import type { Cost } from '../contract/kernel/description.ts';
import { dollarsPerMillion, figureIn, type Price, type Priced, prices } from '../contract/kernel/prices.ts';
import { zones } from '../contract/kernel/zones.ts';
import { authorizerCosts } from '../contract/tenants/descriptions.ts';
import { code, heading, table } from './markdown.ts';

type Counted = Pick<Cost, 'write' | 'read' | 'kms'> & Partial<Pick<Cost, 'behind' | 'events'>>;

const dollars = ({ write, read, kms, behind = 0, events = 0 }: Counted): string =>
  dollarsPerMillion({ writeUnit: write + behind, readUnit: read, kmsCall: kms, busEvent: events }).toFixed(2);

const operationRow = (id: OperationId): string[] => {
  const cost = costs[id];
  const { calls, write, read, kms, processor, behind, events } = cost;
  return [code(id), ...[calls, write, read, kms, processor, behind, events].map(String), dollars(cost)];
};

const situations: Readonly<Record<keyof typeof authorizerCosts, string>> = {
  usual: 'usual request',
  firstOfTheHour: 'first request of a key in an hour',
  newTenant: 'request of a new tenant, before its own rate limits apply',
};

const pricedRegions = Object.values(zones).map(({ home }) => home);

function figure(region: string, name: Priced): string {
  const { dollars: price, evidence } = figureIn(region, name);
  return `${price}${evidence === 'known' ? '°' : ''}`;
}

export const costsPage = (): string =>
  [
    heading('Costs', 'contract/<capability>/descriptions.ts and contract/kernel/prices.ts'),
    'What one warm request uses, measured with the examples of the documentation. AWS calls that run in parallel count once.',
    'Write and read units are DynamoDB request units, indexes included. After the reply the relay writes the audit entry and',
    'the event of each fact. Dollars are for a million requests, without Lambda, logs, API Gateway and WAF.\n',
    table(
      [
        'operation',
        'serial AWS calls',
        'write units',
        'read units',
        'KMS calls',
        'processor calls',
        'relay: write units',
        'relay: bus events',
        '$ per million',
      ],
      rows.map(({ id }) => operationRow(id as OperationId)),
    ),
    '\n## The authorizer, before each operation\n',
    table(
      ['situation', 'serial AWS calls', 'write units', 'read units', 'KMS calls', '$ per million'],
      Object.entries(authorizerCosts).map(([name, cost]) => [
        situations[name as keyof typeof authorizerCosts],
        ...[cost.calls, cost.write, cost.read, cost.kms].map(String),
        dollars(cost),
      ]),
    ),
    '\n## Prices\n',
    'First tier, on demand, arm64, without the free tier. A replica in another region costs the same writes again. What is not',
    'marked was looked up; ° marks what is only known.\n',
    table(
      ['item', ...pricedRegions.map((region) => `$ in ${region}`), 'units', 'source', 'read on'],
      (Object.entries(prices) as [Priced, Price][]).map(([name, { of, units, source, read }]) => [
        of,
        ...pricedRegions.map((region) => figure(region, name)),
        units.toLocaleString('en-US'),
        source,
        read,
      ]),
    ),
    '',
  ].join('\n');
