// A mistake in a command is reported in one sentence, before anything is sent or listened to.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Usage } from '../../cli/command_line.ts';
import { keysCommand } from '../../cli/keys/command.ts';
import { listenCommand } from '../../cli/listen/listen.ts';
import { triggerCommand } from '../../cli/trigger/trigger.ts';
import { runCommand } from '../e2e/command.ts';

describe('what was typed', () => {
  const state = mkdtempSync(join(tmpdir(), 'strongroom-cli-'));
  const key = `sk_test_us_${'a'.repeat(26)}_${'b'.repeat(45)}`;
  writeFileSync(join(state, 'ports.json'), JSON.stringify({ api: { us: 1 }, processor: 2, control: 3, listen: 4 }));
  const at = ['--state', state, '--key', key];

  it.each([
    ['a server elsewhere', ['--forward-to', 'http://example.com/'], /an address of this machine/],
    ['a server that only looks near', ['--forward-to', 'http://localhost.example.com/'], /an address of this machine/],
    ['credentials', ['--forward-to', 'http://a:b@localhost/'], /an address of this machine/],
    ['itself', ['--forward-to', 'http://localhost:4/'], /strongroom listen itself/],
    ['an API elsewhere', ['--url', 'https://api.us.example.com'], /--url takes an address of this machine/],
    ['an event that there is none of', ['--events', 'payment.*,payment.paid'], /Unknown event filter: payment\.paid/],
    ['an option that there is none of', ['--forward', 'x'], /--forward/],
    ['words', ['payment.captured'], /Unknown word: payment\.captured/],
  ])('%s is refused', async (_, args, words) => {
    const failed = listenCommand([...at, ...args]);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.toBeInstanceOf(Usage);
  });

  it.each(['sk_live_us_a_b', 'ok_us_a_b', 'whsec_a', ''])('%s is no key of the test mode', async (wrong) => {
    await expect(listenCommand(['--state', state, '--key', wrong])).rejects.toThrow(/Expected a test key/);
  });

  it('a folder without a local cloud is named', async () => {
    await expect(triggerCommand(['payment.captured', '--state', '/nowhere'])).rejects.toThrow(
      /no local cloud in \/nowhere/,
    );
  });

  it('an event that cannot be triggered is answered with those that can', async () => {
    await expect(triggerCommand(['payment.dispute', ...at])).rejects.toThrow(
      /There is no such event.*\n\n {2}payment\./,
    );
    await expect(triggerCommand(['tenant.created', ...at])).rejects.toThrow(/No call makes it happen here/);
    await expect(triggerCommand(['constructor', ...at])).rejects.toThrow(/There is no such event/);
  });

  it('a local cloud that does not run is reported as such', async () => {
    await expect(triggerCommand(['payment.captured', ...at])).rejects.toThrow(/does not answer: is npm start running/);
  });
});

describe('strongroom keys', () => {
  const state = mkdtempSync(join(tmpdir(), 'strongroom-cli-'));
  it.each([
    [['rotate'], /Which key\? --key data, tenant, pii, secrets/],
    [['rotate', '--key', 'vault'], /There is no key vault, but data, tenant, pii, secrets/],
    [['rotate', '--key', 'constructor'], /There is no key constructor/],
    [['rewrap', '--key', 'data'], /Nothing under data is re-wrapped\. .*: tenant, pii, secrets\./],
    [['rewrap', '--stage', 'production', '--zone', 'us'], /In AWS the rewrapper starts by itself/],
    [['status', 'tenant'], /Unknown word: tenant/],
    [['constructor'], /Unknown command: keys constructor/],
    [['status', '--stage', 'production', '--zone', 'mars'], /Stage production has no zone mars/],
    [['status', '--stage', 'production', '--zone', 'us', '--state', state], /give one of them/],
    [['status', '--zone', 'mars', '--state', state], /There is no zone mars/],
    [['status', '--state', state], /There is no local cloud in/],
  ])('%j is refused in one sentence', async (args, words) => {
    const failed = keysCommand(args);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.toBeInstanceOf(Usage);
  });

  it('a local cloud that does not run is reported as such, and an older one as too old', async () => {
    writeFileSync(join(state, 'ports.json'), JSON.stringify({ api: { us: 1 }, processor: 2, control: 3, listen: 4 }));
    await expect(keysCommand(['status', '--state', state])).rejects.toThrow(
      /Restart .*: it is older than this command/,
    );
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
    const deployer = { stage: 'development', endpoint: 'http://127.0.0.1:1', credentials };
    writeFileSync(join(state, 'deployer.json'), JSON.stringify(deployer));
    for (const verb of ['status', 'certificates', 'rewrap'])
      await expect(keysCommand([verb, '--state', state])).rejects.toThrow(/does not answer: is npm start running/);
  });
});

describe('strongroom', () => {
  it('says what it can do, and names a command that there is none of', async () => {
    const runs = [runCommand('--help'), runCommand('constructor'), runCommand('listen', '--help')];
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 1, 0]);
    const [help, unknown, listen] = runs;
    for (const command of ['operator', 'keys', 'listen', 'trigger'])
      expect(help?.output()).toContain(`strongroom ${command}`);
    expect(unknown?.errors()).toBe('Unknown command: constructor. See strongroom --help.\n');
    expect(listen?.output()).toContain('--forward-to URL');
  });
});
