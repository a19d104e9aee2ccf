// AWS's clock, as its answers show it, for commands that show or record times: this machine's own may be wrong.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface AwsClock {
  /** Milliseconds; this machine's clock until there was an answer. */
  now(): number;
  observe(client: DynamoDBClient): void;
}

export function createAwsClock(): AwsClock {
  let aheadMs = 0;
  const note = (response: unknown): void => {
    if (typeof response !== 'object' || response === null || !('headers' in response)) return;
    const { date } = response.headers as Readonly<Record<string, string | undefined>>;
    const theirMs = Date.parse(date ?? '');
    if (Number.isNaN(theirMs)) return;
    const offMs = theirMs - Date.now();
    // The header has whole seconds.
    aheadMs = Math.abs(offMs) > 1_000 ? offMs : 0;
  };
  return {
    now: () => Date.now() + aheadMs,
    observe: (client) =>
      client.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          note(result.response);
          return result;
        },
        { step: 'deserialize', name: 'strongroomClock' },
      ),
  };
}
