// docs/generated/functions.md: the trust boundaries, with all that each may do. The synthesized templates are what counts;
// this page says what was meant.

import { type FunctionName, type FunctionRow, functions, operations as rows, type TableGrant, type Trigger } from '../contract/capabilities.ts';
import { pages } from '../contract/docs/pages.ts';
import { rotationVerbs } from '../contract/kernel/function.ts';
import { ingress } from '../contract/processor_events/ingress.ts';
import { code, codes, heading, table } from './markdown.ts';

const startedBy = (trigger: Trigger): string => {
  switch (trigger.kind) {
    case 'api':
      return 'requests';
    case 'authorizer':
      return 'the gateway, before every request';
    case 'streams':
      return `changes of ${codes(trigger.tables)}, up to ${trigger.batchRecords} at once`;
    case 'queue':
      return `messages of the queue ${code(trigger.queue)}, up to ${trigger.batchMessages} at once`;
    case 'schedule':
      return `the clock, every ${trigger.everyMinutes === 1 ? 'minute' : `${trigger.everyMinutes} minutes`}`;
    case 'rotation':
      return `Secrets Manager, for each step of a rotation of ${codes(trigger.secrets)}`;
  }
};

const reaches: Readonly<Record<FunctionRow['network'], string>> = {
  isolated: 'AWS alone',
  egress: 'AWS, and what is outside it',
};

const grantRow = ({ table: name, index, verbs, attributes, countsOnly }: TableGrant): string[] => [
  code(index === undefined ? `table ${name}` : `table ${name}, index ${index}`),
  codes(verbs),
  `${attributes === undefined ? 'all' : codes(attributes)}${countsOnly === true ? ', to count rows; none comes back' : ''}`,
];

const grantsOf = (row: FunctionRow): string[][] => [
  ...row.tables.map(grantRow),
  ...Object.entries(row.keys).map(([key, verbs]) => [code(`KMS key ${key}`), codes(verbs), '–']),
  ...row.secrets.map((secret) => [code(`secret ${secret}`), codes(['GetSecretValue']), '–']),
  ...(row.trigger.kind === 'rotation' ? row.trigger.secrets : []).map((secret) => [
    code(`secret ${secret}`),
    codes(rotationVerbs),
    '–',
  ]),
  ...(row.sends ?? []).map((queue) => [code(`queue ${queue}`), codes(['SendMessage']), '–']),
  ...(row.publishes === true ? [[code('event bus'), codes(['PutEvents']), '–']] : []),
  ...(row.makesUsageKeys === true ? [[code('API Gateway keys'), 'makes them, puts them into usage plans', '–']] : []),
];

const servedBy = (name: FunctionName): string[] => [
  ...rows.filter((row) => row.function === name).map(({ id }) => id),
  ...Object.values(pages)
    .filter((page) => page.function === name)
    .map(({ method, path }) => `${method} ${path}`),
  ...(name === ingress.function ? [`${ingress.method} ${ingress.path}`] : []),
];

const section = ([name, row]: [string, FunctionRow]): string => {
  const grants = grantsOf(row);
  const served = servedBy(name as FunctionName);
  return [
    `## ${name}\n`,
    `It ${row.purpose}. When it fails: ${row.impact}.\n`,
    `- Started by ${startedBy(row.trigger)}`,
    `- Reaches ${reaches[row.network]}`,
    `- ${row.memoryMiB} MiB, at most ${row.timeoutMs / 1000} s`,
    ...(row.namesTestProcessor ? ['- Is told where the test processor is, which it cannot reach'] : []),
    ...(served.length > 0 ? [`- Serves ${codes(served)}`] : []),
    '',
    grants.length === 0
      ? 'It may do nothing in AWS but write its log.'
      : table(['may use', 'verbs', 'attributes'], grants),
    '',
  ].join('\n');
};

export const functionsPage = (): string =>
  [
    heading('Functions', 'contract/functions.ts'),
    'A function is a set of privileges: operations that need the same ones share one. What stands here is all that each may do.\n',
    ...(Object.entries(functions) as [string, FunctionRow][]).map(section),
  ].join('\n');
