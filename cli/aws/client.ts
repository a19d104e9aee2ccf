// Calls to AWS that only read, for services that nothing else here talks to: signed by hand, with a deadline, never repeated. What
// fails is said as what it is: nobody may take it for an answer.

import { engineerLimits } from '../../contract/kernel/limits.ts';
import { type Credentials, signedHeaders } from './sign.ts';

/** A call that gave no answer: refused, too late, or not understood. */
export class AwsFailure extends Error {
  override readonly name = 'AwsFailure';

  /** AWS's own name of the error, or `deadline`, `network`, `unreadable`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Aws {
  /** Of services that speak JSON: `target` is the operation with its prefix. */
  json(service: string, region: string, target: string, input: object): Promise<Record<string, unknown>>;
  /** Of services that speak Query: the answer is XML. */
  query(
    service: string,
    region: string,
    version: string,
    action: string,
    input?: Record<string, string>,
  ): Promise<string>;
  /** Of services with paths: the answer as text. */
  get(service: string, region: string, path: string): Promise<string>;
}

/** Services without regions, and where they are signed for. */
const globalServices: Readonly<Record<string, string>> = { route53: 'https://route53.amazonaws.com' };

const endpointOf = (service: string, region: string, override: string | undefined): string =>
  override ?? globalServices[service] ?? `https://${service}.${region}.amazonaws.com`;

/** What an error's body says, JSON or XML, without its details. */
function failureIn(status: number, body: string): AwsFailure {
  const code =
    /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? /"(?:__type|code)"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body)?.[1];
  return new AwsFailure(code ?? `HTTP ${status}`, code ?? `HTTP ${status}`);
}

export function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw new AwsFailure('unreadable', 'the answer is no JSON object');
}

/** The endpoint of the environment, if any, answers for every service. */
export function createAws(credentials: Credentials, endpoint = process.env.STRONGROOM_ENDPOINT): Aws {
  const send = async (
    service: string,
    region: string,
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body = '',
  ): Promise<string> => {
    const url = new URL(path, endpointOf(service, region, endpoint));
    const request = { method, url, service, region, headers, body };
    const { ok, status, text } = await fetch(url, {
      method,
      headers: signedHeaders(request, credentials, new Date()),
      signal: AbortSignal.timeout(engineerLimits.awsCallMs),
      redirect: 'error',
      ...(method === 'POST' && { body }),
    })
      .then(async (response) => ({ ok: response.ok, status: response.status, text: await response.text() }))
      .catch((thrown: unknown) => {
        throw thrown instanceof Error && thrown.name === 'TimeoutError'
          ? new AwsFailure('deadline', `no answer within ${engineerLimits.awsCallMs / 1000} s`)
          : new AwsFailure('network', `${url.host} can't be reached`);
      });
    if (!ok) throw failureIn(status, text);
    return text;
  };
  return {
    json: async (service, region, target, input) =>
      parsed(
        await send(
          ...([service, region, 'POST', '/'] as const),
          { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
          JSON.stringify(input),
        ),
      ),
    query: (service, region, version, action, input = {}) =>
      send(
        ...([service, region, 'POST', '/'] as const),
        { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        new URLSearchParams({ Action: action, Version: version, ...input }).toString(),
      ),
    get: (service, region, path) => send(service, region, 'GET', path, {}),
  };
}
