// The answers that API Gateway makes itself, rendered from the template's gateway responses. A type that the template
// doesn't customize falls back to its DEFAULT_4XX or DEFAULT_5XX, and then to API Gateway's own plain message.

import { contextVariable, type Exchange, jsonEscape, substitute } from './variables.ts';

/** Type -> status and message (API Gateway developer guide, "Gateway response types"). */
const types = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_FAILURE: [500, 'Internal server error'],
  BAD_REQUEST_PARAMETERS: [400, 'Bad request'],
  // 502, not the documented 504: what a proxy integration answers when its function fails.
  INTEGRATION_FAILURE: [502, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'Forbidden'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  WAF_FILTERED: [403, 'Forbidden'],
} as const;

export type GatewayResponseType = keyof typeof types;

export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const parameterValue = (mapping: string, exchange: Exchange): string | undefined => {
  const [, literal] = /^'(.*)'$/s.exec(mapping) ?? [];
  if (literal !== undefined) return literal;
  if (mapping.startsWith('context.')) return contextVariable(exchange, mapping.slice('context.'.length));
  const [, header] = /^method\.request\.header\.(.+)$/.exec(mapping) ?? [];
  return exchange.request.headers.findLast(([name]) => name.toLowerCase() === header?.toLowerCase())?.[1];
};

export const renderResponse = (exchange: Exchange, type: GatewayResponseType): Rendered => {
  const [defaultStatus, message] = types[type];
  const { responses } = exchange.api;
  const template = responses.get(type) ?? responses.get(defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  exchange.error = { type, message };
  const status = template?.status ?? defaultStatus;
  const [contentType, text] = Object.entries(template?.templates ?? {}).find(([key]) => key === 'application/json') ??
    Object.entries(template?.templates ?? {})[0] ?? ['application/json', '{"message":$context.error.messageString}'];

  const headers: Record<string, string> = { 'content-type': contentType };
  for (const [name, mapping] of Object.entries(template?.parameters ?? {})) {
    const [, header] = /^gatewayresponse\.header\.(.+)$/.exec(name) ?? [];
    const value = parameterValue(mapping, exchange);
    if (header !== undefined && value !== undefined) headers[header.toLowerCase()] = value;
  }
  return { status, headers, body: substitute(text, exchange, '', jsonEscape) };
};
