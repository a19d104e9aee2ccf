// A record that no function can read: it is stored whole as a failed stream record, under the function's own role, and what comes after it goes on.
// The templates are the synthesized ones but for the number of retries, which would take a quarter of an hour.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functions, tables } from '../../contract/capabilities.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { shardOf } from '../../lambdas/kernel/platform/ids.ts';
import { listPartition } from '../../lambdas/kernel/store/row.ts';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { chooseEngine, startEngine } from '../../local/dynamodb/engine.ts';
import { openState } from '../../local/storage/state.ts';
import { type Cloud, copyOfState, eventually, send, startCloud } from '../kit/cloud.ts';
import { assembly } from '../kit/run.ts';

const { home, second } = zones.us;
const zoneFolder = 'assembly-development-us';
const impatient = mkdtempSync(join(tmpdir(), 'strongroom-impatient-'));
let state: string;
let cloud: Cloud;

/** The cloud assembly, with its code where it is. */
async function giveUpSoon(): Promise<void> {
  const made = await assembly();
  for (const name of readdirSync(made)) {
    if (name !== zoneFolder) symlinkSync(join(made, name), join(impatient, name));
  }
  cpSync(join(made, zoneFolder), join(impatient, zoneFolder), { recursive: true });
  let changed = 0;
  for (const name of readdirSync(join(impatient, zoneFolder))) {
    if (!name.endsWith('.template.json')) continue;
    const file = join(impatient, zoneFolder, name);
    const changedText = readFileSync(file, 'utf8').replace(/"MaximumRetryAttempts": ?100\b/g, () => {
      changed += 1;
      return '"MaximumRetryAttempts":1';
    });
    writeFileSync(file, changedText);
  }
  const streams = Object.values(functions).flatMap(({ trigger }) => (trigger.kind === 'streams' ? trigger.tables : []));
  expect(changed).toBe(streams.length);
}

const eventId = 'pev_us_poison';

/** Rows that say what they do not bear out, a fact and something that a provider told. Whatever comes is behind them. */
const poisonous = {
  tenants: { pk: { S: 'poison' }, sk: { S: 'tenant' }, fact: { M: { id: { S: 'fact_us_poison' } } } },
  processor_events: {
    pk: { S: listPartition('poison', shardOf(eventId, tables.processor_events.listShards)) },
    sk: { S: eventId },
    status: { S: 'received' },
    origin_region: { S: home },
  },
};

/** A payment that this region wrote and the other replaced, and nobody can read. */
const lostPayment = (region: string) => ({ pk: { S: 'poison' }, sk: { S: 'payment' }, origin_region: { S: region } });

async function poison(): Promise<void> {
  const [us] = readAssembly(impatient, 'development');
  if (us === undefined) throw new Error('no zone');
  const engine = await startEngine('us', us.region, await openState(state), chooseEngine());
  const deployed = deploy(us, { TestProcessorUrl: 'http://127.0.0.1:1', BaseUrls: '{}' }).of(
    'AWS::DynamoDB::GlobalTable',
  );
  const puts = [
    ...Object.entries(poisonous),
    ...[home, second].map((region) => ['payments', lostPayment(region)] as const),
  ];
  for (const [name, Item] of puts) {
    const table = deployed.find(({ physical }) => physical.ref.endsWith(`-${name}`));
    if (table === undefined) throw new Error('no table');
    await engine.client.call('DynamoDB_20120810.PutItem', { TableName: table.physical.ref, Item });
  }
  await engine.stop();
}

beforeAll(async () => {
  state = await copyOfState();
  await giveUpSoon();
  await poison();
  cloud = await startCloud(state, '--assembly', impatient);
});
afterAll(async () => {
  await cloud.stop();
  rmSync(impatient, { recursive: true, force: true });
});

const setAside = (): { payload: string; requestContext: { functionArn: string } }[] =>
  readdirSync(state, { recursive: true, withFileTypes: true })
    // While it is being written it has another name.
    .filter((file) => file.isFile() && file.parentPath.includes('failed-us') && !file.name.endsWith('.tmp'))
    .map((file) => JSON.parse(readFileSync(join(file.parentPath, file.name), 'utf8')));

describe('[WHK-2] a record that cannot be read', () => {
  it('is stored whole for each function that was to read it', async () => {
    const readers = ['lost_updates', 'processor_events', 'relay', 'usage_key_provisioner'];
    const readersOf = (found: ReturnType<typeof setAside>): string[] => [
      // At least once: a record may be stored again.
      ...new Set(found.map(({ requestContext }) => String(requestContext.functionArn.split('-').at(-1)))),
    ];
    const failed = await eventually(
      async () => setAside(),
      (found) => readersOf(found).length >= readers.length,
    );
    expect(readersOf(failed).sort()).toEqual(readers);
    for (const { payload, requestContext } of failed) {
      const { Records } = JSON.parse(payload);
      expect(Records).toHaveLength(1);
      const reader = requestContext.functionArn.split('-').at(-1) ?? '';
      const of: Readonly<Record<string, object>> = {
        lost_updates: lostPayment(second),
        processor_events: poisonous.processor_events,
      };
      expect(Records[0].dynamodb.NewImage).toEqual(of[reader] ?? poisonous.tenants);
    }
  });

  it('holds up nothing behind it', async () => {
    const secret = cloud.ready.tenants.find(({ zone }) => zone === 'us')?.secret_key ?? '';
    const made = await send(cloud.ready.api.us, secret, 'POST', '/v1/keys', {
      body: { name: 'shop', scopes: ['payments:read'] },
    });
    expect(made.status).toBe(201);
    const entries = await eventually(
      async () => (await send(cloud.ready.api.us, secret, 'GET', '/v1/audit_entries?action=key.created')).json.data,
      (entries: { target: string }[]) => entries.some(({ target }) => target === made.json.id),
    );
    expect(entries.map(({ target }: { target: string }) => target)).toContain(made.json.id);
  });
});
