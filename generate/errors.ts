// docs/generated/errors: a page for each code of the catalogue, and their index.

import { type ErrorCode, errors, errorTexts, operations as rows } from '../contract/capabilities.ts';
import { ingress } from '../contract/processor_events/ingress.ts';
import { atIngress } from '../lambdas/docs/error_page.ts';
import { problemsOf, retryAfter } from './answers.ts';
import { code as asCode, heading, table } from './markdown.ts';

const codes = Object.keys(errors) as ErrorCode[];

const operationsAnswering = (code: ErrorCode) => rows.filter((operation) => problemsOf(operation).includes(code));

const ingressItem = `- for processors: ${asCode(`${ingress.method} ${ingress.path}`)}`;

const origins = (code: ErrorCode): string => {
  const answering = operationsAnswering(code);
  if (answering.length === rows.length) return 'Any operation may return it.';
  const items = [
    ...answering.map(({ id, method, path }) => `- ${asCode(id)}: ${asCode(`${method} ${path}`)}`),
    ...(atIngress.has(code) ? [ingressItem] : []),
  ];
  return items.length === 0 ? 'No operation returns it: the gateway does, for an unknown route.' : items.join('\n');
};

const retryText = (code: ErrorCode): string =>
  errors[code].retriable
    ? `Yes: send the same request again, with the same \`Idempotency-Key\`${retryAfter.has(code) ? ', after the seconds in `Retry-After`' : ''}.`
    : 'No: change the request, or the object that it is about, first.';

const page = (code: ErrorCode): string => {
  const { status, title, detail } = errors[code];
  return [
    heading(asCode(code), 'contract/<capability>/errors.ts and descriptions.ts'),
    `**${status} ${title}.** ${detail}\n`,
    `## When it happens\n\n${errorTexts[code].happens}\n`,
    `## What to do\n\n${errorTexts[code].remedy}\n`,
    `## Can the request be retried?\n\n${retryText(code)}\n`,
    `## Operations that return it\n\n${origins(code)}\n`,
  ].join('\n');
};

const index = (): string =>
  [
    heading('Errors', 'contract/<capability>/errors.ts'),
    table(
      ['code', 'status', 'title', 'can be retried'],
      codes.map((code) => [
        `[${code}](${code}.md)`,
        String(errors[code].status),
        errors[code].title,
        errors[code].retriable ? 'yes' : 'no',
      ]),
    ),
    '',
  ].join('\n');

export const errorPages = (): Record<string, string> => ({
  'errors/README.md': index(),
  ...Object.fromEntries(codes.map((code) => [`errors/${code}.md`, page(code)])),
});
