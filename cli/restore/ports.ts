// What a restore works with.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface RestorePorts {
  readonly dynamodb: DynamoDBClient;
  say(line: string): void;
  sleep(ms: number): Promise<unknown>;
  /** Milliseconds, by a clock that nobody sets. */
  elapsedMs(): number;
}
