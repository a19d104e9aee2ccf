// docs/generated/operations.md: every endpoint in one table.

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { operationNames, operations as rows } from '../contract/capabilities.ts';
import { pages } from '../contract/docs/pages.ts';
import { slo } from '../contract/kernel/slo.ts';
import { ingress } from '../contract/processor_events/ingress.ts';
import { code, codes, heading, table } from './markdown.ts';

const root = join(import.meta.dirname, '..');
const ingressRoute = code(`${ingress.method} ${ingress.path}`);

/** Throws where an operation has no handler of its name. */
const handlerLink = (id: string): string => {
  const [handler] = globSync(`lambdas/*/handlers/${id}.ts`, { cwd: root });
  if (handler === undefined) throw new Error(`generate/operations.ts: ${id} has no handler`);
  return `[${id}.ts](../../${handler})`;
};

export const operationsPage = (): string =>
  [
    heading('Operations', 'contract/capabilities.ts'),
    'An operation’s id is the path of its handler and its name in logs, in the audit trail and in runbooks.\n',
    table(
      ['id', 'method', 'path', 'function', 'actors', 'scopes', 'creates', 'service level', 'handler', 'operationId'],
      rows.map((row) => [
        code(row.id),
        row.method,
        code(row.path),
        code(row.function),
        row.actors.join(', '),
        codes(row.scopes),
        row.creates ?? '–',
        row.slo,
        handlerLink(row.id),
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
    '\n## Public pages\n',
    table(
      ['method', 'path', 'function', 'content'],
      Object.values(pages).map(({ method, path, function: name, shows }) => [method, code(path), code(name), shows]),
    ),
    '\n## Processor notifications\n',
    `Processors send their notifications to ${ingressRoute}, which is served by ${code(ingress.function)}. The route needs no API key: the function verifies the processor’s signature over the raw body first. It is not an operation, so no client has a method for it.\n`,
    '',
  ].join('\n');
