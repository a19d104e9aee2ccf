// The deployer's client of an engine: DynamoDB's JSON protocol, with a deadline on every call.

import { Agent, request } from 'node:http';
import { localLimits } from '../host/limits.ts';
import { loopback } from '../host/ports.ts';

export class EngineError extends Error {
  /** DynamoDB's name of the error, such as ResourceNotFoundException. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export interface EngineClient {
  /** `target` is X-Amz-Target: version and operation. */
  call(target: string, input: unknown): Promise<unknown>;
}

interface Failure {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
}

const signature = (region: string): Record<string, string> => {
  const now = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${now.slice(0, 8)}/${region}/dynamodb/aws4_request`;
  return {
    'x-amz-date': now,
    // Engines want to see a signature but don't check it.
    authorization: `AWS4-HMAC-SHA256 Credential=LOCALDEPLOYER/${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  };
};

export const createEngineClient = (port: number, region: string): EngineClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    call: (target, input) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(input);
        const outgoing = request(
          {
            host: loopback,
            port,
            method: 'POST',
            path: '/',
            agent,
            timeout: localLimits.engineCallMs,
            headers: {
              'content-type': 'application/x-amz-json-1.0',
              'content-length': Buffer.byteLength(body),
              'x-amz-target': target,
              ...signature(region),
            },
          },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.on('error', reject);
            incoming.on('end', () => {
              const text = Buffer.concat(chunks).toString('utf8');
              if (incoming.statusCode === 200) return resolve(JSON.parse(text));
              const failure = (text.startsWith('{') ? JSON.parse(text) : {}) as Failure;
              const code = failure.__type?.replace(/^.*#/, '') ?? `HTTP ${incoming.statusCode}`;
              reject(new EngineError(code, failure.message ?? failure.Message ?? text));
            });
          },
        );
        outgoing.on('timeout', () => outgoing.destroy(new Error(`the engine gave no answer to ${target}`)));
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
  };
};
