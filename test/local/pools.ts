// Pools of the test functions, on real processes.

import { fileURLToPath } from 'node:url';
import { createPool, type Pool, type PoolOptions } from '../../local/lambda/pool.ts';
import { createStartLimiter } from '../../local/lambda/start_limiter.ts';

export interface LogLine {
  readonly message: string;
}

export const poolOf = (name: 'probe' | 'broken', options: Partial<PoolOptions> = {}, lines: LogLine[] = []): Pool =>
  createPool({
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    timeoutMs: 60_000,
    startLimiter: createStartLimiter(),
    environment: {
      PATH: '/usr/bin:/bin',
      LAMBDA_TASK_ROOT: fileURLToPath(new URL(`./functions/${name}`, import.meta.url)),
      _HANDLER: 'index.handler',
      FROM_TEMPLATE: 'yes',
    },
    log: {
      follow: () => {},
      platform: (_, message) => lines.push({ message }),
      refused: () => {},
      silence: () => {},
      close: () => {},
    },
    ...options,
  });
