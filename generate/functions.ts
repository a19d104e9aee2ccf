// docs/generated/functions.md: the trust boundaries with all their privileges, as the contract declares them. What is deployed
// is in the synthesized templates: docs/generated/surface.txt.

import {
  type FunctionName,
  type FunctionRow,
  functions,
  operations as rows,
  type TableGrant,
  type Trigger,
} from '../contract/capabilities.ts';
import { pages } from '../contract/docs/pages.ts';
import { rotationVerbs } from '../contract/kernel/function.ts';
import { ingress } from '../contract/processor_events/ingress.ts';
import { code, codes, heading, table } from './markdown.ts';

const triggerText = (trigger: Trigger): string => {
  switch (trigger.kind) {
    case 'api':
      return 'requests';
    case 'authorizer':
      return 'the gateway, before every request';
    case 'streams':
      return `changes of ${codes(trigger.tables)}, up to ${trigger.batchRecords} in a batch`;
    case 'queue':
      return `messages of the queue ${code(trigger.queue)}, up to ${trigger.batchMessages} in a batch`;
    case 'schedule':
      return `a schedule, every ${trigger.everyMinutes === 1 ? 'minute' : `${trigger.everyMinutes} minutes`}`;
    case 'rotation':
      return `Secrets Manager, for each step of a rotation of ${codes(trigger.secrets)}`;
  }
};

const networkTexts: Readonly<Record<FunctionRow['network'], string>> = {
  isolated: 'AWS services only',
  egress: 'AWS services and the internet',
};

const grantRow = ({ table: name, index, verbs, attributes, countsOnly }: TableGrant): string[] => [
  code(index === undefined ? `table ${name}` : `table ${name}, index ${index}`),
  codes(verbs),
  `${attributes === undefined ? 'all' : codes(attributes)}${countsOnly === true ? ', to count rows only' : ''}`,
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
  ...(row.makesUsageKeys === true
    ? [[code('API Gateway keys'), 'creates them and adds them to usage plans', '–']]
    : []),
];

const servedRoutes = (name: FunctionName): string[] => [
  ...rows.filter((row) => row.function === name).map(({ id }) => id),
  ...Object.values(pages)
    .filter((page) => page.function === name)
    .map(({ method, path }) => `${method} ${path}`),
  ...(name === ingress.function ? [`${ingress.method} ${ingress.path}`] : []),
];

const section = ([name, row]: [string, FunctionRow]): string => {
  const grants = grantsOf(row);
  const served = servedRoutes(name as FunctionName);
  return [
    `## ${name}\n`,
    `It ${row.purpose}. When it fails: ${row.impact}.\n`,
    `- Started by ${triggerText(row.trigger)}`,
    `- Reaches ${networkTexts[row.network]}`,
    `- ${row.memoryMiB} MiB, at most ${row.timeoutMs / 1000} s`,
    ...(row.namesTestProcessor ? ['- Knows the address of the test processor, which it cannot reach'] : []),
    ...(served.length > 0 ? [`- Serves ${codes(served)}`] : []),
    '',
    grants.length === 0
      ? 'It has no privilege in AWS but to write its log.'
      : table(['resource', 'actions', 'attributes'], grants),
    '',
  ].join('\n');
};

export const functionsPage = (): string =>
  [
    heading('Functions', 'contract/<capability>/functions.ts'),
    'Operations that need the same privileges share a function. This page lists all privileges of each function.\n',
    ...(Object.entries(functions) as [string, FunctionRow][]).map(section),
  ].join('\n');
