// `strongroom doctor`: what it finds on this machine and in an account that a loopback server plays, and that what it can't look at
// is never said to be well.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { createAws } from '../../cli/aws/client.ts';
import { certificateFinding } from '../../cli/doctor/domain_checks.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { cdkCheck, dependenciesCheck, nodeCheck, portsCheck } from '../../cli/doctor/local_checks.ts';
import { stageChecks } from '../../cli/doctor/stage_checks.ts';
import { type AssembledStack, readAssembly } from '../../lib/cloud_assembly.ts';
import { assembly, dressedAssembly } from '../kit/run.ts';
import { type Answers, readyAccount, refused, refusedXml, startAwsStub } from './aws_stub.ts';
import { runToEnd, tooWide } from './command_run.ts';

let folder: string;
let stacks: readonly AssembledStack[];
beforeAll(async () => {
  folder = await assembly();
  stacks = readAssembly(folder).filter(({ group, region }) => group === 'production-us' && region === 'us-east-1');
});

const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };

async function findings(answers: Answers, of = stacks): Promise<Finding[]> {
  const stub = await startAwsStub({ ...readyAccount, ...answers });
  try {
    return await stageChecks(createAws(credentials, stub.endpoint), of);
  } finally {
    await stub.close();
  }
}
const found = (all: readonly Finding[], what: string) => all.filter((finding) => finding.what.includes(what));
const wrong = (all: readonly Finding[]) => all.filter(({ verdict }) => verdict === 'wrong');

describe('an account that is ready', () => {
  it('has nothing wrong and nothing unknown', async () => {
    const all = await findings({});
    expect(all.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    for (const what of ['account', 'us-east-1', 'bootstrap', 'stacks', 'Lambda concurrency', 'VPCs', 'API keys'])
      expect(found(all, what), what).not.toEqual([]);
  });
});

describe('what stands in the way is named with what to do', () => {
  it.each<[string, Answers, string, RegExp]>([
    [
      'no bootstrap',
      { 'ssm GetParameter': refused('ParameterNotFound') },
      'bootstrap',
      /npx cdk bootstrap aws:\/\/111111111111\/us-east-1/,
    ],
    [
      'an old bootstrap',
      { 'ssm GetParameter': { Parameter: { Value: '1' } } },
      'bootstrap',
      /version 1, and \d+ is needed/,
    ],
    [
      'ten concurrent Lambdas, as new accounts have',
      {
        'lambda /2016-08-19/account-settings/': {
          AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
        },
      },
      'Lambda concurrency',
      /10, of which 10 are free.*ask for 1000 of lambda L-B99A9384/s,
    ],
    [
      'no VPC left',
      { 'ec2 DescribeVpcs': '<item><vpcId>a</vpcId><x><item><y>b</y></item></x></item>'.repeat(5) },
      'VPCs',
      /5 of 5 used, 1 to come.*ask for 6 of vpc/s,
    ],
    [
      'a stack that is stuck',
      {
        'cloudformation ListStacks':
          '<member><StackName>strongroom-production-us-keys</StackName><StackStatus>UPDATE_ROLLBACK_FAILED</StackStatus></member>',
      },
      'stacks',
      /strongroom-production-us-keys is UPDATE_ROLLBACK_FAILED.*continue-update-rollback/s,
    ],
    [
      'a region that the account has not opted in to',
      {
        'ec2 DescribeRegions': '<item><regionName>us-east-1</regionName><optInStatus>not-opted-in</optInStatus></item>',
      },
      'us-east-1',
      /not opted in.*enable-region/s,
    ],
    [
      'no room for API keys',
      { 'apigateway /apikeys': { item: Array.from({ length: 10_000 }, () => ({})) } },
      'API keys',
      /no room/,
    ],
  ])('%s', async (_, answers, what, words) => {
    const [first, ...more] = wrong(await findings(answers));
    expect(first?.what).toContain(what);
    expect(`${first?.what}: ${first?.says}. ${first?.hint}`).toMatch(words);
    expect(more).toEqual([]);
  });

  it('a stack that is deployed is not counted a second time', async () => {
    const members = stacks.map(
      ({ name }) => `<member><StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member>`,
    );
    const all = await findings({
      'cloudformation ListStacks': members.join(''),
      'lambda /2016-08-19/account-settings/': {
        AccountLimit: { ConcurrentExecutions: 500, UnreservedConcurrentExecutions: 150 },
      },
    });
    expect(wrong(all)).toEqual([]);
    expect(found(all, 'VPCs')).toEqual([]);
  });
});

test('an account whose throttle is met before the stage’s is worth knowing, and stops nothing', async () => {
  const all = await findings({ 'apigateway /account': { throttleSettings: { rateLimit: 2500 } } });
  expect(found(all, 'requests a second')).toMatchObject([
    { verdict: 'note', hint: expect.stringContaining('L-8A5B8E43') },
  ]);
  expect(wrong(all)).toEqual([]);
});

describe('backups of tables', () => {
  const withPlan = () =>
    stacks.slice(0, 1).map((stack) => ({
      ...stack,
      template: { Resources: { plan: { Type: 'AWS::Backup::BackupPlan', Properties: {} } } },
    }));
  const settings = (optIn: boolean, management: boolean): Answers => ({
    'backup /account-settings': {
      ResourceTypeOptInPreference: { DynamoDB: optIn },
      ResourceTypeManagementPreference: { DynamoDB: management },
    },
  });

  it.each([
    [true, true, 'ok'],
    [true, false, 'wrong'],
    [false, true, 'wrong'],
  ] as const)('opted in: %s, with copies: %s: %s', async (optIn, management, verdict) => {
    expect(found(await findings(settings(optIn, management), withPlan()), 'AWS Backup')).toMatchObject([{ verdict }]);
  });

  it('are not asked about where the stage has none', async () => {
    const without = stacks.filter(({ template }) => !JSON.stringify(template).includes('AWS::Backup::'));
    expect(found(await findings({}, without), 'AWS Backup')).toEqual([]);
  });
});

describe('what can not be looked at', () => {
  it.each<[string, Answers[string], RegExp]>([
    ['is not allowed', refusedXml('AccessDenied'), /may not ask \(AccessDenied\)/],
    ['is no answer that can be read', '<html>', /names no account/],
  ])('%s: it is unknown, never well', async (_, answer, words) => {
    const all = await findings({ 'sts GetCallerIdentity': answer });
    expect(all).toEqual([{ what: 'account', verdict: 'unknown', says: expect.stringMatching(words) }]);
  });

  it('is late: the deadline ends it, and the rest is looked at', async () => {
    const all = await findings({ 'ssm GetParameter': null });
    expect(found(all, 'bootstrap')).toMatchObject([
      { verdict: 'unknown', says: expect.stringContaining('no answer within') },
    ]);
    expect(found(all, 'API keys')).toMatchObject([{ verdict: 'ok' }]);
  });

  it('makes the quotas unknown where the stacks are', async () => {
    const all = await findings({ 'cloudformation ListStacks': refusedXml('AccessDenied') });
    expect(found(all, 'quotas')).toMatchObject([{ verdict: 'unknown' }]);
    expect(found(all, 'Lambda concurrency')).toEqual([]);
  });

  it('belongs to another account: nothing is asked about it', async () => {
    const foreign = stacks.map((stack) => ({ ...stack, account: '222222222222' }));
    const all = await findings({}, foreign);
    expect(all.map(({ verdict }) => verdict)).toEqual(['ok', 'unknown']);
    expect(all[1]?.says).toContain('222222222222');
  });
});

describe('a domain', () => {
  const name = 'api.us.pay.example.com';
  const issued = { Status: 'ISSUED', SubjectAlternativeNames: [name], NotAfter: Date.now() / 1000 + 90 * 86_400 };
  it.each([
    [issued, 'ok'],
    [{ ...issued, SubjectAlternativeNames: ['*.us.pay.example.com'] }, 'ok'],
    [{ ...issued, SubjectAlternativeNames: ['*.pay.example.com'] }, 'wrong'],
    [{ ...issued, Status: 'PENDING_VALIDATION' }, 'wrong'],
    [{ ...issued, Status: 'EXPIRED' }, 'wrong'],
    [{ ...issued, NotAfter: Date.now() / 1000 + 86_400 }, 'note'],
    [{}, 'unknown'],
  ])('whose certificate is %j is %s', (certificate, verdict) => {
    expect(certificateFinding('certificate', name, certificate).verdict).toBe(verdict);
  });

  it('is looked up with its certificate and its hosted zone', async () => {
    const dressed = readAssembly(await dressedAssembly());
    const account = dressed.find(({ account }) => account !== null)?.account ?? '111111111111';
    const all = await findings(
      {
        'sts GetCallerIdentity': `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/x</Arn>`,
        'acm DescribeCertificate': { Certificate: { Status: 'PENDING_VALIDATION' } },
        'route53 /2013-04-01/hostedzonesbyname': '<ListHostedZonesByNameResponse/>',
      },
      dressed.filter((stack) => stack.account === account || stack.account === null),
    );
    // The zone's name and the region's own, in each region of the zone.
    expect(found(all, 'certificate').map(({ verdict }) => verdict)).toEqual(Array(4).fill('wrong'));
    const hostedZone = { verdict: 'note', hint: expect.stringContaining('DomainTarget') };
    expect(found(all, 'hosted zone')).toMatchObject(Array(4).fill(hostedZone));
  });
});

describe('this machine', () => {
  it('needs Node 24', () => {
    expect([nodeCheck('20.19.0').verdict, nodeCheck('24.0.0').verdict, nodeCheck('26.1.0').verdict]).toEqual([
      'wrong',
      'ok',
      'ok',
    ]);
  });

  it('needs every package in its pinned version, and the CDK CLI among them', () => {
    const root = mkdtempSync(join(tmpdir(), 'strongroom-doctor-'));
    try {
      writeFileSync(join(root, 'package.json'), JSON.stringify({ devDependencies: { 'aws-cdk': '2.0.0' } }));
      expect([dependenciesCheck(root), cdkCheck(root)]).toMatchObject([
        { verdict: 'wrong', says: 'aws-cdk is missing', hint: 'Run npm ci.' },
        { verdict: 'wrong', says: 'is missing' },
      ]);
      mkdirSync(join(root, 'node_modules', 'aws-cdk'), { recursive: true });
      const install = (version: string) =>
        writeFileSync(join(root, 'node_modules', 'aws-cdk', 'package.json'), JSON.stringify({ version }));
      install('3.0.0');
      expect(cdkCheck(root).says).toBe('3.0.0, and 2.0.0 is pinned');
      install('2.0.0');
      expect([dependenciesCheck(root).verdict, cdkCheck(root).verdict]).toEqual(['ok', 'ok']);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('names ports that are taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await portsCheck(Math.min(port, 65_533))).toMatchObject({
      verdict: 'wrong',
      says: expect.stringContaining(`${port}`),
    });
    await new Promise((resolve) => server.close(resolve));
    expect((await portsCheck(null)).verdict).toBe('ok');
  });
});

describe('the command', () => {
  it('says that there are no credentials, and ends well if the machine is', async () => {
    const { code, output, errors } = await runToEnd(['doctor']);
    expect([code, errors]).toEqual([0, '']);
    expect(output).toMatch(/note +AWS: not looked at\. There are no AWS credentials: set AWS_PROFILE/);
    expect(tooWide(output)).toEqual([]);
  });

  it('calls AWS unknown where somebody named a profile that gives no credentials', async () => {
    const { code, output } = await runToEnd(['doctor'], { environment: { AWS_PROFILE: 'mine' } });
    expect(code).toBe(0);
    expect(output).toMatch(/unknown +AWS: not looked at\. The profile mine gives no credentials/);
  });

  it('ends with 1 where something is wrong, and its words fit 80 columns', async () => {
    const stub = await startAwsStub({ ...readyAccount, 'ssm GetParameter': refused('ParameterNotFound') });
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'a-secret-that-nobody-may-see',
      STRONGROOM_ENDPOINT: stub.endpoint,
    };
    try {
      const { code, output } = await runToEnd(['doctor', 'production', '--assembly', folder], { environment });
      expect(code).toBe(1);
      expect(output).toContain('npx cdk bootstrap aws://111111111111/us-east-1');
      expect(output).toContain('4 to put right');
      expect(tooWide(output)).toEqual([]);
      expect(output).not.toContain('nobody-may-see');
      expect(new Set(stub.asked.map(({ what }) => what.match(/^[A-Z][a-z]+/)?.[0] ?? 'GET'))).toEqual(
        new Set(['Get', 'GET', 'Describe', 'List']),
      );
    } finally {
      await stub.close();
    }
  });
});
