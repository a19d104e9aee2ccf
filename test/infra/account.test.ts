// What an account has once in a region is made once, belongs to no stage, and stays when every stage is gone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { describe, expect, test } from 'vitest';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { readAssembly as readStacks } from '../../lib/cloud_assembly.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { Account } from '../../proof/deployment/cloudformation.ts';
import { accountStacksOf, stacksOf } from '../../proof/deployment/stacks.ts';
import { dressedAssembly } from '../kit/run.ts';
import { cdkOut, only, policiesOf, type Template } from './templates.ts';

/** Settings and quotas of an account in a region that a stage could use up, or take from another one. */
const oncePerAccount = [
  'AWS::ApiGateway::Account',
  'AWS::Logs::ResourcePolicy',
  'AWS::Logs::AccountPolicy',
  'AWS::IAM::ServiceLinkedRole',
  'AWS::IAM::OIDCProvider',
  'AWS::GuardDuty::Detector',
  'AWS::SecurityHub::Hub',
  'AWS::Config::ConfigurationRecorder',
  'AWS::CloudTrail::Trail',
];
const read = (folder: string, id: string): Template =>
  JSON.parse(readFileSync(join(folder, `${id}.template.json`), 'utf8'));
const regions = [geography.us, geography.eu].flatMap(({ home, second }) => [home, second]);

describe('what an account has once', () => {
  test('stands in one stack for each region, whatever number of stages and zones is there', () => {
    const stacks = readStacks(cdkOut).filter(({ name }) => name === 'strongroom-account');
    expect(stacks.map(({ id }) => id).sort()).toEqual(regions.map((region) => `account-${region}`).sort());
    for (const { account, terminationProtection } of stacks) {
      expect(account).toBeNull();
      // A creation that failed could not be tried again.
      expect(terminationProtection).toBe(false);
    }
  });

  test('stands in no stack of a stage', () => {
    for (const zone of readAssembly(cdkOut)) {
      for (const { type, path } of zone.resources) {
        // One policy for the record of backups: a locked stage has accounts of its own, and one zone in a region.
        if (oncePerAccount.includes(type))
          expect(path).toMatch(/^account-|^[a-z0-9]+-[a-z]+\/recovery\/record-delivery$/);
      }
    }
  });

  test('is named by its account where the configuration names one', async () => {
    const stacks = readStacks(await dressedAssembly()).filter(({ name }) => name === 'strongroom-account');
    expect(stacks.map(({ id, account }) => `${id} of ${account}`).sort()).toEqual(
      [geography.eu.home, geography.eu.second].map((region) => `account-111122223333-${region} of 111122223333`).sort(),
    );
  });

  test('the CDK’s command line finds it before every stage', () => {
    const ids = new CloudAssembly(cdkOut).stacksRecursively.map(({ hierarchicalId }) => hierarchicalId);
    const last = Math.max(...regions.map((region) => ids.indexOf(`account-${region}`)));
    expect(ids.findIndex((id) => !id.startsWith('account-'))).toBeGreaterThan(last);
  });

  test('[AUD-4] stays when its stack is deleted: no API of the account loses its logs', () => {
    for (const region of regions) {
      const { Resources } = read(cdkOut, `account-${region}`);
      for (const type of ['AWS::ApiGateway::Account', 'AWS::IAM::Role']) {
        const found = Object.values(Resources).filter(({ Type }) => Type === type);
        expect(policiesOf(only(found))).toEqual(['RetainExceptOnCreate', 'Retain']);
      }
    }
  });

  test('[AUD-4] the account’s setting is made last: nothing after it can fail and take its role away', () => {
    for (const { resources } of accountStacksOf(cdkOut)) {
      const setting = resources.find(({ type }) => type === 'AWS::ApiGateway::Account');
      const others = resources.filter(({ type }) => type !== 'AWS::ApiGateway::Account');
      expect(setting?.dependsOn.toSorted()).toEqual(others.map(({ id }) => id).sort());
    }
  });

  test('a failed creation is taken back and tried again; a second stage, and one that goes, leave it alone', () => {
    const [shared] = accountStacksOf(cdkOut);
    if (shared === undefined) throw new Error('there is no stack of the account');
    for (const { id } of shared.resources) {
      for (const halfMade of [false, true]) {
        const account = new Account();
        expect(account.deploy(shared, { failure: { id, halfMade } }).ok).toBe(false);
        expect(account.deploy(shared).status).toBe('CREATE_COMPLETE');
      }
    }
    const account = new Account();
    account.deploy(shared);
    const before = new Map(account.names);
    for (const stage of ['development-us', 'sandbox-us']) {
      expect(account.deploy(shared).status).not.toContain('FAILED');
      for (const stack of stacksOf(cdkOut, stage)) expect(account.deploy(stack).reasons).toEqual([]);
      for (const { name } of stacksOf(cdkOut, stage).toReversed()) expect(account.delete(name).reasons).toEqual([]);
      expect(account.names).toEqual(before);
    }
  });
});
