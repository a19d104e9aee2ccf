// docs/deploying.md tells an engineer what to type: every command of ours, every option, every file and every output that it names is
// there.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../lib/cloud_assembly.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { runToEnd } from '../cli/command_run.ts';
import { assembly } from '../kit/run.ts';

const file = 'docs/deploying.md';
const text = readFileSync(file, 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** What is typed: lines of blocks, and code within sentences. */
const typed = [...text.matchAll(/```sh\n([\s\S]*?)```/g), ...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) =>
  code.replaceAll('\\\n', ' ').split('\n'),
);
const found = (pattern: RegExp): string[] => [
  ...new Set(typed.flatMap((line) => [...line.matchAll(pattern)].map((each) => each[1] ?? ''))),
];

describe('what docs/deploying.md names is there', () => {
  it('every npm script', () => {
    const named = found(/npm run ([a-z-]+)/g);
    expect(named).toEqual(expect.arrayContaining(['strongroom', 'synth', 'check']));
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  const commands = typed.flatMap((line) => {
    const [, rest] = /(?:npm run strongroom -- |^strongroom )([a-z].*)$/.exec(line.replace(/\s+#.*/, '')) ?? [];
    return rest === undefined ? [] : [rest];
  });

  it.each([...new Set(commands.map((line) => line.split(' ')[0] ?? ''))])(
    'the command strongroom %s, with the options that are named',
    async (command) => {
      const { code, output } = await runToEnd([command, '--help']);
      expect(code).toBe(0);
      const options = commands
        .filter((line) => line.startsWith(`${command} `))
        .flatMap((line) => line.match(/--[a-z-]+/g) ?? []);
      expect(options.filter((option) => !output.includes(option))).toEqual([]);
    },
  );

  it('every stage that a command takes', () => {
    const stages = found(/strongroom (?:-- )?(?:doctor|deploy|diff|destroy|cost|failover) ([a-z]+)/g);
    expect(stages).toEqual(expect.arrayContaining(['sandbox', 'production']));
    expect(stages.filter((stage) => referenceConfig.stages[stage] === undefined)).toEqual([]);
  });

  it('every file that it links', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !link.startsWith('http'));
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((link) => !existsSync(join(dirname(file), link)))).toEqual([]);
  });
});

describe('what it says of the templates is so', () => {
  let outputs: string[];
  let names: string[];
  beforeAll(async () => {
    const stacks = readAssembly(await assembly());
    const of = stacks.filter(({ group }) => group === 'production-us');
    outputs = of.flatMap(({ template }) => Object.keys(template.Outputs ?? {}));
    names = of.flatMap(({ template }) =>
      Object.values(template.Resources ?? {}).map(({ Properties }) => Properties?.DashboardName),
    );
  });

  it('outputs and the dashboard have the names that it gives them', () => {
    expect(outputs).toEqual(expect.arrayContaining(['EgressAddress1', 'EgressAddress2']));
    expect(text).toContain('strongroom-production-us-east-1');
    expect(names).toContain('strongroom-production-us-east-1');
  });
});
