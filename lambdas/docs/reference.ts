// The reference that people read: a pure function of the OpenAPI document. One page, no scripts, nothing from elsewhere.

import type { Document, OperationObject, Schema } from './document.ts';
import { eventCatalogue } from './event_catalogue.ts';
import { frame } from './frame.ts';
import { chapters } from './guide.ts';
import { html, type Markup, prose } from './html.ts';
import { badge, codesOf, type Endpoint, endpointsOf, operationSection, responsesOf } from './operation.ts';
import { fieldList, resolved } from './schema.ts';

const plural = (name: string): string =>
  name.endsWith('y') && !name.endsWith('ey') ? `${name.slice(0, -1)}ies` : `${name}s`;

const kindOf = ({ properties }: Schema): unknown => properties?.object?.const;

/** The resource under which objects of a kind are shown: their own, or that of the first operation that replies with one. */
const homeOf = (document: Document, kind: string): string | undefined => {
  const own = plural(kind);
  if (document.tags.some((tag) => tag.name === own)) return own;
  return endpointsOf(document).find(({ operation }) => repliesWith(document, operation, kind))?.operation.tags[0];
};

const repliesWith = (document: Document, operation: OperationObject, kind: string): boolean =>
  responsesOf(document, operation).some(([, { content = {} }]) =>
    Object.values(content).some(({ schema }) => kindOf(resolved(document, schema)) === kind),
  );

/** The schemas of a resource's objects; what no operation shows stands with the events that carry it. */
const objectsOf = (document: Document, tag: string): string[] =>
  Object.entries(document.components.schemas)
    // Lists are shown as what they hold.
    .filter(([, schema]) => typeof kindOf(schema) === 'string' && kindOf(schema) !== 'list')
    .filter(([, schema]) => (homeOf(document, String(kindOf(schema))) ?? 'events') === tag)
    .map(([name]) => name)
    .sort((a, b) => a.length - b.length);

const navigation = (document: Document, endpoints: readonly Endpoint[]): Markup => html`
<nav aria-label="Contents">
  <p><a class="mark" href="#top">${document.info.title}</a></p>
  <ul>${chapters(document).map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
  ${document.tags.map(
    (tag) => html`<p><a href="#${tag.name}">${tag['x-title']}</a></p>
  <ul class="operations">${endpoints
    .filter(({ operation }) => operation.tags.includes(tag.name))
    .map(
      ({ method, operation }) =>
        html`<li><a href="#${operation.operationId}"><span>${operation.summary}</span>${badge(method)}</a></li>`,
    )}${tag.name === 'events' && html`<li><a href="#event-catalogue">Event catalogue</a></li>`}</ul>`,
  )}
</nav>`;

const resource = (
  document: Document,
  tag: Document['tags'][number],
  endpoints: readonly Endpoint[],
  common: ReadonlySet<string>,
): Markup => html`
<section class="resource" id="${tag.name}">
  <h2>${tag['x-title']}</h2>
  <p class="lead">${prose(tag.description)}</p>
  ${endpoints
    .filter(({ operation }) => operation.tags.includes(tag.name))
    .map((endpoint) => operationSection(document, endpoint, common))}
  ${tag.name === 'events' && eventCatalogue(document)}
  ${objectsOf(document, tag.name).map(
    (name) =>
      html`<details id="schema-${name}" open><summary>The object <b>${name}</b></summary>${fieldList(document, { $ref: `#/components/schemas/${name}` }, false)}</details>`,
  )}
</section>`;

export function reference(document: Document): string {
  const endpoints = endpointsOf(document);
  const [first = [], ...rest] = endpoints.map(({ operation }) => codesOf(document, operation));
  const common = new Set(first.filter((code) => rest.every((codes) => codes.includes(code))));
  return frame(
    document.info.title,
    html`${navigation(document, endpoints)}
<main id="top">
  <header><h1>${document.info.title}</h1><p class="lead">${document.info.summary} <span class="quiet">Version ${document.info.version}</span></p></header>
  ${chapters(document).map(({ id, title, content }) => html`<section class="chapter" id="${id}"><h2>${title}</h2>${content}</section>`)}
  ${document.tags.map((tag) => resource(document, tag, endpoints, common))}
</main>`,
  );
}
