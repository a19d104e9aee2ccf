// What a person typed, read strictly. Whatever is wrong is said in one sentence, without a stack.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** Resolves when it is done. Throws a Usage where whoever typed it can mend it. */
export type Command = (args: readonly string[]) => Promise<void>;

/** Whoever typed it can mend it. */
export class Usage extends Error {
  override readonly name = 'Usage';
}

export const help = { type: 'boolean', short: 'h', default: false } as const;

/** Options and the words between them; anything else is a Usage that names `command`, which has a --help. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, strict: true, options });
  } catch (error) {
    throw new Usage(`${error instanceof Error ? error.message : 'Unreadable options'}. See ${command} --help.`);
  }
}
