// The synthesized policies hold while the system runs: take one permission away and what needs it fails, by name.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Ready, send } from '../e2e/cloud.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-privilege-'));
const assembly = join(folder, 'cdk.out');
const state = join(folder, 'state');
let child: ChildProcess;
let ready: Ready;
let output = '';

interface Statement {
  Sid?: string;
  Action: string | string[];
}
interface Role {
  readonly Type: string;
  readonly Properties: {
    readonly RoleName?: string;
    readonly Policies?: { readonly PolicyDocument: { Statement: Statement[] } }[];
  };
}

/** Takes one action out of a statement of a function's role, in the copy of the templates. */
const takeAway = (zone: string, role: string, sid: RegExp, action: string): void => {
  const directory = join(assembly, `assembly-development-${zone}`);
  let removed = 0;
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.template.json'))) {
    const template = JSON.parse(readFileSync(join(directory, name), 'utf8')) as { Resources: Record<string, Role> };
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type !== 'AWS::IAM::Role' || !(Properties.RoleName ?? '').endsWith(`-${role}`)) continue;
      for (const { PolicyDocument } of Properties.Policies ?? []) {
        for (const statement of PolicyDocument.Statement.filter(({ Sid = '' }) => sid.test(Sid))) {
          const actions = [statement.Action].flat();
          if (!actions.includes(action)) continue;
          removed += 1;
          statement.Action = actions.filter((each) => each !== action);
        }
        PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => Action.length > 0);
      }
    }
    writeFileSync(join(directory, name), JSON.stringify(template));
  }
  expect(removed).toBe(1);
};

beforeAll(async () => {
  cpSync(process.env.STRONGROOM_TEST_ASSEMBLY ?? 'cdk.out', assembly, { recursive: true });
  takeAway('us', 'money', /^Payments/, 'dynamodb:PutItem');
  takeAway('us', 'relay', /^ReadStreams$/, 'dynamodb:GetRecords');
  takeAway('eu', 'audit_read', /^TenantKey$/, 'kms:Decrypt');
  const readyFile = join(folder, 'ready.json');
  const args = [
    'local/cloud/main.ts',
    '--no-synth',
    '--assembly',
    assembly,
    '--state',
    state,
    '--ready-file',
    readyFile,
  ];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await eventually(
    async () => existsSync(readyFile) || child.exitCode !== null,
    (done) => done,
    60_000,
  );
  if (!existsSync(readyFile)) throw new Error(`the local cloud did not start:\n${output}`);
  ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready;
});
afterAll(async () => {
  if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

const log = (name: string): string => readFileSync(join(state, 'logs', `${name}.log`), 'utf8');
const payment = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };

const keyOf = (zone: string): string => ready.tenants.find((each) => each.zone === zone)?.secret_key ?? '';

const expectRefusal = async (name: string, role: string, action: string, resource: RegExp): Promise<void> => {
  const session = role.replace(/^(.*)-(us-east-1|eu-west-1)-(.*)$/, `$1-$2-$3/$1-${name}`);
  const sentence = new RegExp(
    `User: arn:aws:sts::\\d{12}:assumed-role/${session} is not authorized to perform: ${action} on resource: ${resource.source} because no identity-based policy allows the ${action} action`,
  );
  const wait = (read: () => string) =>
    eventually(
      async () => read(),
      (text) => sentence.test(text),
      5_000,
    );
  expect(await wait(() => log(name))).toMatch(sentence);
  expect(await wait(() => output)).toMatch(sentence);
};

test('without one permission on its table the operation answers 500, and log and console name who was refused what', async () => {
  const reply = await send(ready.api.us, keyOf('us'), 'POST', '/v1/payments', { body: payment });
  expect(reply).toMatchObject({ status: 500, json: { code: 'internal_error' } });
  await expectRefusal(
    'us-money',
    'strongroom-development-us-east-1-money',
    'dynamodb:PutItem',
    /arn:aws:dynamodb:\S+:table\/\S+-payments/,
  );
});

test('without one permission on its key nothing is answered that would leave no entry, and log and console name who was refused what', async () => {
  // The address in its own entry is sealed under a key that it has to open.
  await send(ready.api.eu, keyOf('eu'), 'POST', '/v1/payments', { body: payment });
  const reply = await send(ready.api.eu, keyOf('eu'), 'GET', '/v1/audit_entries');
  expect(reply).toMatchObject({ status: 503, json: { code: 'unavailable' } });
  await expectRefusal(
    'eu-audit_read',
    'strongroom-development-eu-west-1-audit_read',
    'kms:Decrypt',
    /arn:aws:kms:\S+:key\/\S+/,
  );
});

test('without one permission on its stream a function is never invoked, and log and console say why', async () => {
  await expectRefusal(
    'us-relay',
    'strongroom-development-us-east-1-relay',
    'dynamodb:GetRecords',
    /arn:aws:dynamodb:\S+\/stream\/\S+/,
  );
  expect(output).toMatch(/relay: the stream of \S+ is not read/);
  expect(existsSync(join(state, 'bus-us.jsonl'))).toBe(false);
  expect(existsSync(join(state, 'bus-eu.jsonl'))).toBe(true);
});
