// What every command for engineers says of itself, and how it refuses what it doesn't know.

import { describe, expect, it } from 'vitest';
import { runToEnd, tooWide } from './command_run.ts';

describe.each(['doctor', 'deploy', 'diff', 'destroy', 'cost', 'failover'])('strongroom %s', (command) => {
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
