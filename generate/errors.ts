// docs/generated/errors: a page for each code of the catalogue, and their index.

import { type ErrorCode, errors, errorTexts, operations as rows } from '../contract/capabilities.ts';
import { ingress } from '../contract/processor_events/ingress.ts';
import { atIngress } from '../lambdas/docs/error_page.ts';
import { problemsOf, retryAfter } from './answers.ts';
import { code as asCode, heading, table } from './markdown.ts';

const codes = Object.keys(errors) as ErrorCode[];

const refusers = (code: ErrorCode) => rows.filter((operation) => problemsOf(operation).includes(code));

const ingressRow = `- no operation: ${asCode(`${ingress.method} ${ingress.path}`)} answers processors so`;

const whoAnswers = (code: ErrorCode): string => {
  const who = refusers(code);
  if (who.length === rows.length) return 'Every operation may answer so.';
  const gatewayResponses = [
    ...who.map(({ id, method, path }) => `- ${asCode(id)}: ${asCode(`${method} ${path}`)}`),
    ...(atIngress.has(code) ? [ingressRow] : []),
  ];
  return gatewayResponses.length === 0
    ? 'No operation: the gateway answers so when it finds none.'
    : gatewayResponses.join('\n');
};

const repeat = (code: ErrorCode): string =>
  errors[code].retriable
    ? `Yes, unchanged and with the same \`Idempotency-Key\`${retryAfter.has(code) ? ', after the seconds in `Retry-After`' : ''}.`
    : 'Not before something has changed: the request, or what it is about.';

const page = (code: ErrorCode): string => {
  const { status, title, detail } = errors[code];
  return [
    heading(asCode(code), 'contract/errors.ts and contract/error_texts.ts'),
    `**${status} ${title}.** ${detail}\n`,
    `## When it happens\n\n${errorTexts[code].happens}\n`,
    `## What to do\n\n${errorTexts[code].remedy}\n`,
    `## May a repeat succeed?\n\n${repeat(code)}\n`,
    `## Operations that answer so\n\n${whoAnswers(code)}\n`,
  ].join('\n');
};

const index = (): string =>
  [
    heading('Errors', 'contract/errors.ts'),
    table(
      ['code', 'status', 'title', 'a repeat may succeed'],
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
