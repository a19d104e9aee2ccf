// `strongroom operator`: what it writes, it writes in the region that takes writes, as everybody does.

import { describe, expect, it } from 'vitest';
import { type Answers, startAwsStub } from './aws_stub.ts';
import { runToEnd } from './command_run.ts';

const leaseOf = (holder: string, until_ms: number) => ({
  Item: {
    ...{ pk: { S: 'lease' }, sk: { S: 'writer' }, holder: { S: holder }, epoch: { N: '7' } },
    ...{ until_ms: { N: String(until_ms) }, successor: { NULL: true } },
  },
});
const pepper = { SecretString: JSON.stringify({ current: 'v1', v1: 'p'.repeat(64) }) };

const create = async (stage: string, answers: Answers) => {
  const stub = await startAwsStub({ 'secretsmanager GetSecretValue': pepper, 'dynamodb PutItem': {}, ...answers });
  const environment = {
    ...{ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' },
    STRONGROOM_ENDPOINT: stub.endpoint,
  };
  try {
    const args = ['operator', 'create', '--stage', stage, '--zone', 'us', '--name', 'somebody'];
    const ended = await runToEnd(args, { environment });
    const puts = stub.asked.filter(({ what }) => what === 'PutItem');
    return { ...ended, puts: puts.map(({ region, body }) => [region, JSON.parse(body).Item.writer_epoch.N]) };
  } finally {
    await stub.close();
  }
};

describe('[RES-4] an operator is made', () => {
  it.each(['us-east-1', 'us-west-2'])('in %s where that region writes, in the epoch of its lease', async (holder) => {
    const { code, output, puts } = await create('production', {
      'dynamodb GetItem': leaseOf(holder, Date.now() + 100_000),
    });
    expect([code, puts]).toEqual([0, [[holder, '7']]]);
    expect(output).toContain('ok_us_');
  });

  it('in the only region of a zone, which has no lease', async () => {
    const { code, puts } = await create('sandbox', {});
    expect([code, puts]).toEqual([0, [['us-east-1', '1']]]);
  });

  it.each<[string, Answers, RegExp]>([
    ['nobody can say who writes', {}, /can't be found out \(us-east-1: AccessDeniedException.*nothing was done/],
    ['nobody writes yet', { 'dynamodb GetItem': {} }, /No region of production us writes yet: nothing was done/],
    ['the lease has ended', { 'dynamodb GetItem': leaseOf('us-east-1', Date.now()) }, /region_standby/],
  ])('nowhere, where %s', async (_, answers, words) => {
    const { code, errors, puts } = await create('production', answers);
    expect([code, puts]).toEqual([1, []]);
    expect(errors).toMatch(words);
  });
});
