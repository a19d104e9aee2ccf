// The configuration: a mistake is named with its place, before anything is synthesized.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigInput, configure } from '../../lib/config.ts';
import { refuseRepeatedNames } from '../../lib/config_source.ts';
import { notesOn } from '../../lib/notes.ts';
import { referenceConfig } from '../../lib/reference_config.ts';

const account = '111122223333';
const change = (stages: unknown): ConfigInput => ({ ...referenceConfig, stages: stages as ConfigInput['stages'] });

describe('the configuration', () => {
  test('may leave out accounts and domains', () => {
    expect(() => configure(change({ live: { data: 'locked', zones: { apac: {} } } }))).not.toThrow();
  });

  test.each([
    [
      'an account that is no account',
      { live: { data: 'locked', zones: { us: { account: 12 } } } },
      'stages.live.zones.us.account: is an AWS account id',
    ],
    [
      'an unknown zone',
      { live: { data: 'locked', zones: { mars: {} } } },
      'stages.live.zones.mars: is keyed by zones: us, eu, apac',
    ],
    ['no zone', { live: { data: 'locked', zones: {} } }, 'stages.live.zones: holds at least one zone'],
    [
      'another kind of data',
      { live: { data: 'open', zones: { us: {} } } },
      "stages.live.data: is 'locked' or 'disposable'",
    ],
    [
      'an unknown table',
      { live: { data: 'locked', zones: { us: { tableNames: { paymets: 'restored' } } } } },
      'stages.live.zones.us.tableNames.paymets',
    ],
    [
      'an unknown option',
      { live: { data: 'locked', zones: { us: { acount: account } } } },
      'stages.live.zones.us.acount',
    ],
    [
      'a stage that no name can hold',
      { 'pre-live': { data: 'locked', zones: { us: {} } } },
      'stages.pre-live: is keyed by stages',
    ],
    [
      'a domain without a certificate',
      { live: { data: 'locked', domain: 'example.com', zones: { us: {} } } },
      'stages.live.zones.us.certificateArn: is needed',
    ],
    [
      'a domain without a certificate of the second region',
      { live: { data: 'locked', domain: 'example.com', zones: { us: {} } } },
      'stages.live.zones.us.secondCertificateArn: is needed',
    ],
  ])('names %s and its place', (_, stages, message) => {
    expect(() => configure(change(stages))).toThrow(message);
  });

  test.each([
    ['no stage', {}, 'stages: holds at least one stage'],
    [
      'a misspelt field',
      { live: { data: 'locked', domian: 'x', zones: { us: {} } } },
      'stages.live.domian: is no field; there are data, profile, secondRegion, domain, zones',
    ],
    ['a stage without its kind of data', { live: { zones: { us: {} } } }, 'stages.live.data: is needed'],
    ['zones that are none', { live: { data: 'locked', zones: 'us' } }, 'stages.live.zones: holds zones: us, eu, apac'],
  ])('says of %s what to write, in one sentence', (_, stages, sentence) => {
    expect(() => configure(change(stages))).toThrow(new ConfigError([sentence]));
  });

  test.each([
    'https://user:secret@processor.example',
    'https://secret@processor.example',
    'https://processor.example/path',
    'https://processor.example\\@elsewhere.example',
    'https://processor.example:99999',
    'http://processor.example',
  ])('refuses %s as the processor, and does not repeat it', (testProcessorUrl) => {
    const sentence = 'testProcessorUrl: is an https origin without a path, a user or a password';
    expect(() => configure({ ...referenceConfig, testProcessorUrl })).toThrow(new ConfigError([sentence]));
  });

  test.each([
    ['another region', 'us-east-1', account, 'is of us-east-1; the zone eu takes one of eu-west-1'],
    ['another account', 'eu-west-1', '444455556666', `is of account 444455556666; the zone is deployed to ${account}`],
  ])('refuses a certificate of %s', (_, region, owner, sentence) => {
    const certificateArn = `arn:aws:acm:${region}:${owner}:certificate/00000000-0000-0000-0000-000000000000`;
    const secondCertificateArn = `arn:aws:acm:eu-central-1:${account}:certificate/00000000-0000-0000-0000-000000000000`;
    const live = {
      data: 'locked',
      domain: 'pay.example.com',
      zones: { eu: { account, certificateArn, secondCertificateArn } },
    };
    expect(() => configure(change({ live }))).toThrow(
      new ConfigError([`stages.live.zones.eu.certificateArn: ${sentence}`]),
    );
    const { domain: _domain, ...without } = live;
    expect(() => configure(change({ live: without }))).toThrow('serves nothing, because the stage has no domain');
  });

  test('[HST-1] two locked stages name their accounts, and one that names none is told what separates it', () => {
    const stages = (data: string) => ({
      live: { data: 'locked', zones: { us: {} } },
      other: { data, zones: { us: {} } },
    });
    expect(() => configure(change(stages('locked')))).toThrow(
      'stages.other.zones.us.account: is needed: stage live is locked too, and names no account either',
    );
    const separation = (of: object): string[] =>
      notesOn(configure(change(of))).filter((note) => note.includes('names no account'));
    expect(separation(stages('disposable'))).toEqual([expect.stringContaining('Stage live is locked')]);
    const alone = {
      live: { data: 'locked', zones: { us: { account } } },
      other: { data: 'disposable', zones: { us: {} } },
    };
    expect(separation(alone)).toEqual([]);
    expect(separation({ live: stages('locked').live })).toEqual([]);
    expect(notesOn(configure(change(stages('disposable'))), 'other').join()).not.toContain('names no account');
  });

  test.each([
    [
      'another table of its zone',
      { tenants: 'restored', events: 'restored' },
      'tenants: restored is events of stage live',
    ],
    [
      'what another table is called anyway',
      { tenants: 'strongroom-live-us-events' },
      'tenants: strongroom-live-us-events is events of stage live',
    ],
    [
      'a table of another stage of the account',
      { tenants: 'strongroom-other-us-tenants' },
      'tenants: strongroom-other-us-tenants is tenants of stage other',
    ],
  ])('[BCK-1] a table is not called like %s', (_, tableNames, words) => {
    const stages = (zone: object) => ({
      live: { data: 'disposable', zones: { us: { tableNames, ...zone } } },
      other: { data: 'disposable', zones: { us: {} } },
    });
    expect(() => configure(change(stages({})))).toThrow(`stages.live.zones.us.tableNames.${words} already`);
    const apart = { tenants: 'restored', events: 'strongroom-other-us-tenants' };
    expect(() => configure(change(stages({ account, tableNames: apart })))).not.toThrow();
  });

  test('a domain has as many characters as a certificate takes, and its labels as many as a name has', () => {
    const arn = (region: string, of = account) =>
      `arn:aws:acm:${region}:${of}:certificate/00000000-0000-0000-0000-000000000000`;
    const stage =
      (domain: string, second = account) =>
      () =>
        configure(
          change({
            live: {
              data: 'locked',
              domain,
              zones: { us: { certificateArn: arn('us-east-1'), secondCertificateArn: arn('us-west-2', second) } },
            },
          }),
        );
    expect(stage(`${'a'.repeat(51)}.com`)).not.toThrow();
    expect(stage(`${'a'.repeat(52)}.com`)).toThrow('stages.live.domain: has 55 characters at most');
    expect(stage(`${'a'.repeat(64)}.com`)).toThrow('stages.live.domain: is a domain name in lower case');
    expect(stage('example.com', '222222222222')).toThrow(
      `stages.live.zones.us.secondCertificateArn: is of account 222222222222, and certificateArn is of ${account}`,
    );
  });

  test('a contact that nobody can have is named, and one of a domain that somebody has is not', () => {
    const contacts = (operations: string): string =>
      notesOn(configure({ ...referenceConfig, contacts: { ...referenceConfig.contacts, operations } } as never)).join();
    for (const nobody of ['a@strongroom.example', 'a@example.com', 'a@mail.example.org', 'a@pay.test'])
      expect(contacts(nobody), nobody).toContain('contacts.operations');
    for (const somebody of ['a@example.dev', 'a@myexample.com', 'a@pay.de'])
      expect(contacts(somebody), somebody).not.toContain('contacts.operations');
  });

  test.each([
    ['a stage', '{ stages: { live: { data: 1 }, live: { data: 2 } } }', ['stages.live']],
    ['a zone, however it is quoted', "{ stages: { live: { zones: { us: {}, 'us': {} } } } }", ['stages.live.zones.us']],
    ['nothing', '{ stages: { a: { zones: { us: {} } }, b: { zones: { us: {} } } } }', []],
  ])('refuses a source in which %s stands twice', (_, object, paths) => {
    const refused = () =>
      refuseRepeatedNames(`const stage: string = 'x';\nexport default configure(${object} as const);`);
    if (paths.length === 0) expect(refused).not.toThrow();
    else expect(refused).toThrow(new ConfigError(paths.map((path) => `${path}: stands twice`)));
  });

  test.each([
    [
      "stages: { live: { data: 'locked', zones: { us: {} } }, live: { data: 'disposable', zones: { us: {} } } }",
      'stages.live: stands twice',
    ],
    ['stages: {}', 'stages: holds at least one stage'],
  ])('the program says what is wrong with %s without a stack, before anything is written', async (wrong, sentence) => {
    const folder = mkdtempSync(join(tmpdir(), 'strongroom-config-'));
    try {
      // The program itself, beside another configuration.
      cpSync('bin/app.ts', join(folder, 'bin', 'app.ts'));
      cpSync('package.json', join(folder, 'package.json'));
      symlinkSync(resolve('lib'), join(folder, 'lib'));
      const contacts = JSON.stringify(referenceConfig.contacts);
      writeFileSync(
        join(folder, 'strongroom.config.ts'),
        `import { configure } from './lib/config.ts';\nexport default configure({ contacts: ${contacts}, ${wrong} });\n`,
      );
      const outdir = join(folder, 'cdk.out');
      const program = promisify(execFile)(process.execPath, [join(folder, 'bin', 'app.ts')], {
        env: { ...process.env, CDK_OUTDIR: outdir },
      });
      await expect(program).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: `strongroom.config.ts is not valid:\n  ${sentence}\n`,
      });
      expect(existsSync(outdir)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('[HST-1] a locked stage shares its accounts with no other stage', () => {
    const stages = (data: string) => ({
      live: { data, zones: { us: { account } } },
      trial: { data: 'disposable', zones: { eu: { account } } },
    });
    expect(() => configure(change(stages('locked')))).toThrow(
      'stages.trial.zones.eu.account: is used by stage live too',
    );
    expect(() => configure(change(stages('disposable')))).not.toThrow();
  });
});
