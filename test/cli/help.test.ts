// What every command for engineers says of itself, and how it refuses what it doesn't know.

import { beforeAll, describe, expect, it } from 'vitest';
import { runToEnd, tooWide } from './command_run.ts';

const commands = [
  ...['doctor', 'deploy', 'diff', 'destroy', 'cost', 'failover', 'restore', 'operator', 'keys', 'secrets'],
  ...['listen', 'trigger'],
];

describe.each(commands)('strongroom %s', (command) => {
  it('explains itself with --help, in 80 columns, and asks for nothing', async () => {
    const { code, output, errors } = await runToEnd([command, '--help']);
    expect([code, errors]).toEqual([0, '']);
    expect(output).toContain(`strongroom ${command}`);
    expect(tooWide(output)).toEqual([]);
  });

  it('names an option that it doesn’t have, in one line', async () => {
    const { code, output, errors } = await runToEnd([command, 'development', '--force']);
    expect([code, output]).toEqual([1, '']);
    expect(errors.trim()).toMatch(new RegExp(`^Unknown option '--force'.* See strongroom ${command} --help\\.$`));
  });
});

describe('what would be in vain is refused first, before a synthesis and before credentials are looked for', () => {
  let stages: string;
  let stage: string;
  let zone: string;
  beforeAll(async () => {
    const { output } = await runToEnd(['deploy', '--help']);
    stages = /^Stages of strongroom\.config\.ts: (.+)$/m.exec(output)?.[1] ?? '';
    stage = stages.split(', ')[0] ?? '';
    const { errors } = await runToEnd(['restore', 'plan', stage, 'mars', '--at', '2026-11-30T09:30:00Z']);
    zone = /^Stage \w+ has no zone mars, but (\w+)/.exec(errors)?.[1] ?? '';
  });

  it.each(['deploy', 'destroy', 'diff', 'cost'])('%s names a stage that there is none of', async (command) => {
    const { code, output, errors } = await runToEnd([command, 'constructor']);
    expect([code, output]).toEqual([1, '']);
    expect(errors).toBe(`There is no stage constructor, but ${stages}.\n`);
  });

  it.each(['deploy', 'destroy'])('%s names a zone that the stage has not', async (command) => {
    const { code, errors } = await runToEnd([command, stage, '--zone', 'mars']);
    expect([code, errors]).toEqual([1, expect.stringContaining(`Stage ${stage} has no zone mars, but ${zone}`)]);
  });

  it('the doctor finds a stage wrong that there is none of', async () => {
    const { code, output } = await runToEnd(['doctor', 'constructor', '--offline']);
    expect(code).toBe(1);
    expect(output).toContain('wrong   configuration: has no stage constructor');
  });

  it.each([[['secrets', 'status']], [['keys', 'status']], [['operator', 'create', '--name', 'A']]])(
    '%j says that there are no credentials, as deploy does',
    async (args) => {
      const { code, errors } = await runToEnd([...args, '--stage', stage, '--zone', zone]);
      expect([code, errors]).toEqual([1, 'There are no AWS credentials: set AWS_PROFILE. See docs/deploying.md.\n']);
    },
  );
});

it('strongroom --help has 80 columns', async () => {
  expect(tooWide((await runToEnd(['--help'])).output)).toEqual([]);
});
