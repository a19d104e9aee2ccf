// A command of the command line, run to its end as a process that has no credentials of its own, with what it printed.

import { execFile } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const noCredentials = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
};

/** `environment` is added; `typed` is what a person types. */
export function runToEnd(
  args: readonly string[],
  { environment = {}, typed = '' }: { environment?: Readonly<Record<string, string>>; typed?: string } = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|STRONGROOM_ENDPOINT|FORCE_COLOR)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), ...noCredentials, ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['bin/strongroom.ts', ...args], { env }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
    );
    child.stdin?.end(typed);
  });
}

/** Lines that a terminal of 80 columns would break. */
export const tooWide = (text: string): string[] => text.split('\n').filter((line) => [...line].length > 80);
