// docs/generated/costs.md: what a request of each operation costs, as declared in contract/costs.ts and measured by its
// test, with dollars for what is counted. Lambda's time is measured, not declared: that is `npm run bench`.

import { costs, type OperationId, operations as rows } from '../contract/capabilities.ts';
import type { Cost } from '../contract/kernel/description.ts';
import { dollarsPerMillion, prices } from '../contract/kernel/prices.ts';
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
  usual: 'as a rule',
  firstOfTheHour: 'a key’s first request in an hour',
  newcomer: 'a new tenant, until its own limits work',
};

export const costsPage = (): string =>
  [
    heading('Costs', 'contract/costs.ts and contract/kernel/prices.ts'),
    'What one warm request uses, with the documentation’s examples. Calls to AWS that run side by side count once; units are',
    'DynamoDB request units, indexes included; behind the reply, the relay writes the audit entry and the event of each fact.',
    'Dollars are for a million requests and for what is counted here: without Lambda, logs, API Gateway and WAF.\n',
    table(
      ['operation', 'AWS calls', 'write', 'read', 'KMS', 'processor', 'behind: write', 'behind: events', '$'],
      rows.map(({ id }) => operationRow(id as OperationId)),
    ),
    '\n## The authorizer, before each of them\n',
    table(
      ['when', 'AWS calls', 'write', 'read', 'KMS', '$'],
      Object.entries(authorizerCosts).map(([name, cost]) => [
        situations[name as keyof typeof authorizerCosts],
        ...[cost.calls, cost.write, cost.read, cost.kms].map(String),
        dollars(cost),
      ]),
    ),
    '\n## Prices\n',
    'us-east-1, first tier, on demand, arm64. A replica in another region writes as much again.\n',
    table(
      ['of', '$', 'for', 'page', 'read', 'how sure'],
      Object.values(prices).map(({ of, dollars: price, units, source, read, evidence }) => [
        of,
        String(price),
        units.toLocaleString('en-US'),
        source,
        read,
        evidence === 'known' ? 'known, not looked up' : 'looked up',
      ]),
    ),
    '',
  ].join('\n');
