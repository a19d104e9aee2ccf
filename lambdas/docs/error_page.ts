// The page that a problem's `type` leads to.

import { type ErrorCode, errors, errorTexts } from '../../contract/capabilities.ts';
import type { Document } from './document.ts';
import { frame } from './frame.ts';
import { html, json, type Markup, prose } from './html.ts';
import { badge, codesOf, endpointsOf, pathMarkup } from './operation.ts';

/** The codes that the ingress answers processors with; operations may answer with them too. */
export const atIngress: ReadonlySet<ErrorCode> = new Set([
  'connection_not_found',
  'signature_invalid',
  'notification_malformed',
]);

const answeredBy = (document: Document, code: ErrorCode): Markup => {
  const all = endpointsOf(document);
  const who = all.filter(({ operation }) => codesOf(document, operation).includes(code));
  if (who.length === all.length) return html`<p>Every operation.</p>`;
  const toProcessors =
    atIngress.has(code) && html`<p>Processors, <a href="../../docs#processors">at the address of a connection</a>.</p>`;
  if (who.length === 0) return toProcessors || html`<p>No operation: the gateway answers so when it finds none.</p>`;
  return html`<ul class="routes">${who.map(
    ({ method, path, operation }) =>
      html`<li><a href="../../docs#${operation.operationId}">${badge(method)} ${pathMarkup(path)}</a></li>`,
  )}</ul>${toProcessors}`;
};

export function errorPage(document: Document, code: ErrorCode): string {
  const { status, title, detail, retriable } = errors[code];
  const { happens, remedy } = errorTexts[code];
  return frame(
    `${code} – ${document.info.title}`,
    html`<main class="single">
  <p><a href="../../docs#errors">${document.info.title}: errors</a></p>
  <header><h1><code>${code}</code></h1><p class="lead"><span class="status">${status}</span> ${title}</p></header>
  <p>${prose(detail)}</p>
  <h2>When it happens</h2><p>${prose(happens)}</p>
  <h2>What to do</h2><p>${prose(remedy)}</p>
  <h2>May a repeat succeed?</h2><p>${
    retriable
      ? 'Yes: the same request, unchanged and with the same Idempotency-Key.'
      : 'Not before something has changed: the request, or what it is about.'
  }</p>
  <h2>What it looks like</h2><figure><figcaption>${status}, application/problem+json</figcaption><pre>${json(document.components.examples[code]?.value)}</pre></figure>
  <h2>Who answers so</h2>${answeredBy(document, code)}
</main>`,
  );
}
