// docs/generated/operations.md: every endpoint in one table.

import { operationNames, operations as rows } from '../contract/capabilities.ts';
import { pages } from '../contract/docs/pages.ts';
import { slo } from '../contract/kernel/slo.ts';
import { ingress } from '../contract/processor_events/ingress.ts';
import { code, codes, heading, table } from './markdown.ts';

const asRoute = code(`${ingress.method} ${ingress.path}`);

export const operationsPage = (): string =>
  [
    heading('Operations', 'contract/operations'),
    'An id is the path of its handler, the name in the logs, in the audit trail and in the runbooks.\n',
    table(
      [
        'id',
        'method',
        'path',
        'function',
        'actors',
        'scopes',
        'creates',
        'service level',
        'handler',
        'name for clients',
      ],
      rows.map((row) => [
        code(row.id),
        row.method,
        code(row.path),
        code(row.function),
        row.actors.join(', '),
        codes(row.scopes),
        row.creates ?? '–',
        row.slo,
        `[${row.id}.ts](../lambdas/handlers/${row.id}.ts)`,
        code(operationNames[row.id] ?? ''),
      ]),
    ),
    '\n## Service levels over 28 rolling days\n',
    table(
      ['class', 'availability', 'p99'],
      Object.entries(slo).map(([name, { availability, p99Ms }]) => [
        name,
        `${Number((availability * 100).toFixed(4))} %`,
        `${p99Ms} ms`,
      ]),
    ),
    '\n## Pages that need no credential\n',
    table(
      ['method', 'path', 'function', 'shows'],
      Object.values(pages).map(({ method, path, function: name, shows }) => [method, code(path), code(name), shows]),
    ),
    '\n## Where processors come\n',
    `${asRoute} is served by ${code(ingress.function)}. It asks for no credential: the processor’s signature over the raw body is verified first. It is no operation of the table, and stands in no client.\n`,
    '',
  ].join('\n');
