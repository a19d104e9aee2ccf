// What callers put before a path to reach this zone: its own domain or, without one, the address that API Gateway gave. That
// address is made of ids that the gateway itself assigned; never of a host name that a request bears.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Defect } from '../domain/refusal.ts';
import type { Config } from '../platform/config.ts';

/** Absence is no name: a pattern alone would take `undefined` for one. */
const isAssigned = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);

/** Ends with the version that every path begins with (API Gateway developer guide, "Invoke a REST API", read 2026-11). */
export function baseUrlOf(
  { requestContext: { apiId, stage } }: Pick<APIGatewayProxyEvent, 'requestContext'>,
  config: Pick<Config, 'baseUrl' | 'zone' | 'region'>,
): string {
  const configured = config.baseUrl(config.zone);
  if (configured !== undefined) return configured;
  if (!isAssigned(apiId, /^[a-z0-9]+$/) || !isAssigned(stage, /^[A-Za-z0-9_-]+$/))
    throw new Defect('a request names no API');
  return `https://${apiId}.execute-api.${config.region}.amazonaws.com/${stage}/v1`;
}
