// Queues on disk behind the local AWS endpoint, and a real SDK client that calls them. Time passes when a test says so.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import type { Access } from '../../local/endpoint/access.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { listen } from '../../local/host/ports.ts';
import { type Authorize, createAuthority } from '../../local/iam/authorize.ts';
import type { ZonePolicies } from '../../local/iam/policies.ts';
import { createPrincipals, type Principal } from '../../local/iam/principals.ts';
import type { QueueDefinition } from '../../local/sqs/definition.ts';
import { createSqs } from '../../local/sqs/service.ts';
import { openQueues, type QueueStore } from '../../local/sqs/store.ts';

export const account = '000000000000';
export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${account}:${name}`;

export const definition = (name: string, more: Partial<QueueDefinition> = {}): QueueDefinition => ({
  name,
  arn: queueArn(name),
  visibilityMs: 30_000,
  retentionMs: 4 * 24 * 60 * 60_000,
  waitMs: 0,
  ...more,
});

export interface Place {
  readonly client: SQSClient;
  readonly store: QueueStore;
  /** What was asked for; nothing is, where policies decide. */
  readonly asked: Access[];
  url(name: string): string;
  advance(ms: number): void;
  stop(): Promise<void>;
}

export interface PlaceOptions {
  /** Absent: everything is allowed, and noted. */
  readonly policies?: ZonePolicies;
  readonly principal?: Principal;
}

export const openPlace = async (
  definitions: readonly QueueDefinition[],
  { policies, principal = { kind: 'deployer', arn: 'arn:d' } }: PlaceOptions = {},
): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-sqs-'));
  const asked: Access[] = [];
  const principals = createPrincipals();
  const authority = createAuthority({ refused: () => {} });
  if (policies !== undefined) authority.govern('us-east-1', policies);
  const note: Authorize = (_, access) => void asked.push(access);
  const authorize = policies === undefined ? note : authority.authorize;
  const { server, open } = createAwsEndpoint({ principals, authorize, warn: (text) => console.error(text) });
  let aheadMs = 0;
  const store = await openQueues({
    path: join(folder, 'journal'),
    definitions,
    now: () => Date.now() + aheadMs,
    failed: (thrown) => console.error(thrown),
  });
  open('us-east-1', { sqs: createSqs(store) });
  const endpoint = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
  const credentials = principals.admit(principal);
  const client = new SQSClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials });
  return {
    client,
    store,
    asked,
    url: (name) => `${endpoint}/${account}/${name}`,
    advance(ms) {
      aheadMs += ms;
    },
    async stop() {
      client.destroy();
      server.close();
      server.closeAllConnections();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const bodies = (messages: readonly Message[] | undefined): (string | undefined)[] =>
  (messages ?? []).map(({ Body }) => Body);
