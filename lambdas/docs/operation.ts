// One operation of the reference: what it does on the left, what goes over the wire on the right.

import type { Document, OperationObject, Parameter, Reference, Response } from './document.ts';
import { html, json, type Markup, prose } from './html.ts';
import { fieldList, refName, resolved, row } from './schema.ts';

export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

export const endpointsOf = (document: Document): Endpoint[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** Status and response, shared responses included. */
export const responsesOf = ({ components }: Document, { responses }: OperationObject): [string, Response][] =>
  Object.entries(responses).flatMap(([status, response]): [string, Response][] => {
    if (!('$ref' in response)) return [[status, response]];
    const found = components.responses[refName(response.$ref)];
    return found === undefined ? [] : [[status, found]];
  });

export const codesOf = (document: Document, operation: OperationObject): string[] =>
  responsesOf(document, operation).flatMap(([, { content = {} }]) =>
    Object.values(content).flatMap(({ examples }) => Object.keys(examples ?? {})),
  );

export const pathMarkup = (path: string): Markup =>
  html`<span class="path">${path.split(/(\{\w+\})/).map((part, at) => (at % 2 === 0 ? html`${part}` : html`<em>${part}</em>`))}</span>`;

export const badge = (method: string): Markup => html`<span class="method ${method.toLowerCase()}">${method}</span>`;

const parametersOf = (document: Document, { parameters }: OperationObject): Parameter[] =>
  parameters.flatMap((parameter: Parameter | Reference) => {
    if (!('$ref' in parameter)) return [parameter];
    const found = document.components.parameters[refName(parameter.$ref)];
    return found === undefined ? [] : [found];
  });

const kinds: Readonly<Record<Parameter['in'], string>> = { path: 'Path', query: 'Query', header: 'Header' };

const parameterLists = (document: Document, parameters: readonly Parameter[]): Markup[] =>
  (['path', 'query', 'header'] as const).flatMap((place) => {
    const here = parameters.filter((parameter) => parameter.in === place);
    if (here.length === 0) return [];
    return [
      html`<h4>${kinds[place]}</h4><ul class="fields">${here.map((parameter) =>
        row(
          document,
          parameter.name,
          {
            ...resolved(document, parameter.schema),
            ...(parameter.description !== undefined && { description: parameter.description }),
          },
          { required: parameter.required },
        ),
      )}</ul>`,
    ];
  });

const callers = ({ security }: OperationObject): Markup => {
  const scopes = security.flatMap((one) => one.secret_key ?? []);
  const key = security.some((one) => one.secret_key !== undefined);
  const operator = security.some((one) => one.operator_key !== undefined);
  return html`<p class="callers">${key && html`A key with ${scopes.map((scope) => html`<code>${scope}</code> `)}`}${key && operator && 'or '}${operator && html`<a href="#keys-and-scopes">an operator</a>`}</p>`;
};

const curl = ({ method, path, operation }: Endpoint, parameters: readonly Parameter[], body: unknown): Markup => {
  const url = path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => parameters.find((parameter) => parameter.name === name)?.example ?? name,
  );
  const operator = !operation.security.some((one) => one.secret_key !== undefined);
  const creates = parameters.some(({ name }) => name === 'Idempotency-Key');
  const lines = [
    `curl -s ${method === 'GET' || (method === 'POST' && body !== undefined) ? '' : `-X ${method} `}"$API${url}"`,
    `  -H "Authorization: Bearer $${operator ? 'OPERATOR_KEY' : 'KEY'}"`,
    ...(creates ? ["  -H 'Idempotency-Key: order-42'"] : []),
    ...(body === undefined
      ? []
      : [
          "  -H 'Content-Type: application/json'",
          `  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''").replaceAll('\n', '\n  ')}'`,
        ]),
  ];
  return html`<figure><figcaption>Request</figcaption><pre>${lines.join(' \\\n')}</pre></figure>`;
};

const reply = (document: Document, operation: OperationObject) => {
  const [status = '', response] = responsesOf(document, operation)[0] ?? [];
  const media = Object.values(response?.content ?? {})[0];
  const name = media?.schema.$ref === undefined ? '' : refName(media.schema.$ref);
  const item = document.components.schemas[name]?.properties?.data?.items?.$ref;
  return {
    status,
    description: response?.description ?? '',
    example: media?.example,
    name,
    item: item && refName(item),
  };
};

/** `common`: the codes of every operation, which are left out here. */
export function operationSection(document: Document, endpoint: Endpoint, common: ReadonlySet<string>): Markup {
  const { method, path, operation } = endpoint;
  const parameters = parametersOf(document, operation);
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  const answer = reply(document, operation);
  const own = codesOf(document, operation).filter((code) => !common.has(code));
  return html`
<section class="operation" id="${operation.operationId}">
  <div class="about">
    <h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
    <p class="route">${badge(method)} ${pathMarkup(path)}</p>
    ${callers(operation)}
    <p>${prose(operation.description)}</p>
    ${parameterLists(document, parameters)}
    ${body !== undefined && html`<h4>Body</h4>${fieldList(document, body.schema, true)}`}
    <h4>Reply</h4>
    <p><span class="status">${answer.status}</span> ${
      answer.item === undefined
        ? html`<a href="#schema-${answer.name}">${answer.name}</a>`
        : html`A list of <a href="#schema-${answer.item}">${answer.item}</a>, newest first`
    }. ${answer.status === '201' && answer.description}</p>
    <h4>Refusals</h4>
    <p class="codes">${own.map((code) => html`<a href="docs/errors/${code}">${code}</a> `)}<a class="quiet" href="#errors">and those of any request</a></p>
    <p class="quiet">${operation['x-audit']}</p>
  </div>
  <div class="wire">
    ${curl(endpoint, parameters, body?.example)}
    <figure><figcaption>Reply <span class="status">${answer.status}</span></figcaption><pre>${json(answer.example)}</pre></figure>
  </div>
</section>`;
}
