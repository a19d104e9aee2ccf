// The synthesized policies hold while the system runs: take one permission away and what needs it fails, by name.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, copyOfState, eventually, send, startCloud } from '../kit/cloud.ts';
import { assembly } from '../kit/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-privilege-'));
const weakened = join(folder, 'cdk.out');
let state: string;
let cloud: Cloud;
/** What each zone's bus held before. */
const before = new Map<string, string>();

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
  const directory = join(weakened, `assembly-development-${zone}`);
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
  state = await copyOfState();
  for (const zone of ['us', 'eu']) before.set(zone, bus(zone));
  cpSync(await assembly(), weakened, { recursive: true });
  takeAway('us', 'money', /^Payments/, 'dynamodb:PutItem');
  takeAway('us', 'relay', /^ReadStreams$/, 'dynamodb:GetRecords');
  takeAway('eu', 'audit_read', /^TenantKey$/, 'kms:Decrypt');
  // What is refused here must not count as what the functions ask for (proof/privileges).
  cloud = await startCloud(state, '--assembly', weakened, '--record', join(folder, 'refused.jsonl'));
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

const bus = (zone: string): string => {
  const file = join(state, `bus-${zone}.jsonl`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};
const log = (name: string): string => readFileSync(join(state, 'logs', `${name}.log`), 'utf8');
const payment = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };

const keyOf = (zone: string): string => cloud.ready.tenants.find((each) => each.zone === zone)?.secret_key ?? '';

const expectRefusal = async (name: string, role: string, action: string, resource: RegExp): Promise<void> => {
  const session = role.replace(/^(.*)-(us-east-1|eu-west-1)-(.*)$/, `$1-$2-$3/$1-${name}`);
  const sentence = new RegExp(
    `User: arn:aws:sts::\\d{12}:assumed-role/${session} is not authorized to perform: ${action} on resource: ${resource.source} because no identity-based policy allows the ${action} action`,
  );
  const wait = (read: () => string) =>
    eventually(
      async () => read(),
      (text) => sentence.test(text),
    );
  expect(await wait(() => log(name))).toMatch(sentence);
  expect(await wait(cloud.output)).toMatch(sentence);
};

test('without one permission on its table the operation answers 500, and log and console name who was refused what', async () => {
  const reply = await send(cloud.ready.api.us, keyOf('us'), 'POST', '/v1/payments', { body: payment });
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
  await send(cloud.ready.api.eu, keyOf('eu'), 'POST', '/v1/payments', { body: payment });
  const reply = await send(cloud.ready.api.eu, keyOf('eu'), 'GET', '/v1/audit_entries');
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
  expect(cloud.output()).toMatch(/relay: the stream of \S+ is not read/);
  expect(bus('us')).toBe(before.get('us'));
  const grown = await eventually(
    async () => bus('eu') !== before.get('eu'),
    (more) => more,
  );
  expect(grown).toBe(true);
});
