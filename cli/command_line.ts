// Reads what a person typed, strictly. A mistake is reported in one sentence, without a stack trace.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** Resolves when it is done. Throws a Usage where the person who typed the command can correct it. */
export type Command = (args: readonly string[]) => Promise<void>;

/** An error that the person who typed the command can correct; its message says how. */
export class Usage extends Error {
  override readonly name = 'Usage';
}

export const help = { type: 'boolean', short: 'h', default: false } as const;

/** Options and the words between them. Throws a Usage about anything else, which names the --help of `command`. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, strict: true, options });
  } catch (error) {
    const [said = ''] = (error instanceof Error ? error.message : 'Unreadable options').split('\n');
    throw new Usage(`${said.replace(/[.]$/, '')}. See ${command} --help.`);
  }
}
