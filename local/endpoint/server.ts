// The loopback endpoint that real SDK clients call instead of AWS, for all zones at once. Credentials identify the caller, the
// credential scope names service and region (Signature Version 4), and every call is authorized before it is dispatched.
// Signatures themselves are not verified: the credentials are random and never leave this machine.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { localLimits } from '../host/limits.ts';
import type { Access } from './access.ts';
import { AwsError } from './error.ts';
import { type Call, type Reply, type Service, type Services, unknownOperation } from './service.ts';

export interface AwsEndpoint {
  readonly server: Server;
  /** Opens a region; calls for a region that isn't open are refused. */
  open(region: string, services: Services): void;
  /** Calls for it are refused from now on. */
  close(region: string): void;
}

export interface AwsEndpointOptions<Principal> {
  readonly principals: {
    /** Whose credentials these are; throws for unknown ones. */
    identify(accessKeyId: string): Principal;
  };
  /** Throws AWS's AccessDeniedException unless the principal may do it. */
  readonly authorize: (principal: Principal, access: Access) => void;
  /** Called about faults of the local cloud itself. */
  readonly warn: (text: string) => void;
}

const scopePattern = /Credential=([A-Za-z0-9]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

const readBody = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > localLimits.awsRequestBytes)
        reject(new AwsError('RequestEntityTooLarge', 'The request is too large.', 413));
      else chunks.push(chunk);
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', reject);
    request.on('close', () => reject(new AwsError('RequestAbortedException', 'The client went away.')));
  });

const parseInput = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
};

/** The service that the request is for, and the call as the service reads it. */
const routeCall = (
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
  region: string,
  serviceName: string,
  services: Services,
): { readonly service: Service; readonly call: Call } => {
  const target = headers['x-amz-target'];
  const [prefix = '', targeted = ''] = typeof target === 'string' ? target.split('.') : [];
  const service = services[serviceName];
  if (service === undefined) throw unknownOperation(serviceName, targeted || `${method} ${url}`);
  const isRest = service.operationOf !== undefined;
  const operation = isRest ? service.operationOf(method, url) : targeted;
  if (operation === undefined || (!isRest && !service.targets.includes(prefix)))
    throw unknownOperation(serviceName, String(target ?? `${method} ${url}`));
  const call: Call = {
    operation,
    target: isRest ? url : String(target),
    region,
    headers,
    body,
    // Reads of REST services have no body.
    input: isRest && body.length === 0 ? {} : parseInput(body),
  };
  return { service, call };
};

const sendReply = (response: ServerResponse, { status, headers, body }: Reply): void => {
  response.writeHead(status, { 'x-amzn-requestid': randomUUID(), ...headers });
  if (typeof body === 'string') {
    response.end(body);
    return;
  }
  const source = body.pipe(response);
  finished(body, (thrown) => thrown && source.destroy());
};

const sendError = (response: ServerResponse, error: AwsError): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(error.status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-errortype': error.name,
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify({ __type: error.name, message: error.message }));
};

export const createAwsEndpoint = <Principal>({
  principals,
  authorize,
  warn,
}: AwsEndpointOptions<Principal>): AwsEndpoint => {
  const regions = new Map<string, Services>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const scope = scopePattern.exec(request.headers.authorization ?? '');
    const [, accessKeyId = '', region = '', serviceName = ''] = scope ?? [];
    if (scope === null)
      throw new AwsError('MissingAuthenticationTokenException', 'Request is missing a SigV4 credential.', 403);
    const principal = principals.identify(accessKeyId);
    const services = regions.get(region);
    if (services === undefined)
      throw new AwsError('UnknownEndpointException', `No zone of region ${region} runs here.`);
    const { service, call } = routeCall(request, body, region, serviceName, services);
    for (const access of service.accesses(call)) authorize(principal, access);
    sendReply(response, await service.answer(call));
  };

  /** Anything but an AwsError is a fault of the local cloud. */
  const errorOf = (thrown: unknown): AwsError => {
    if (thrown instanceof AwsError) return thrown;
    warn(`AWS endpoint: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
    return new AwsError('InternalServerError', 'The local cloud failed: see its console.', 500);
  };

  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    answer(request, response).catch((thrown: unknown) => sendError(response, errorOf(thrown)));
  });
  return {
    server,
    open: (region, services) => void regions.set(region, services),
    close: (region) => void regions.delete(region),
  };
};
