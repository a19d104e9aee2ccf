// Bundles, as they are deployed: each function alone, with what it serves and nothing of what others do
// (docs/decisions/0004).

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FunctionRow, functions, operations } from '../../contract/capabilities.ts';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { codeFolder } from '../../local/cloudformation/asset.ts';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { assembly } from '../kit/run.ts';

const names = Object.keys(functions);
/** Above what the largest holds today, below what a second SDK or a schema library in full would add. */
const boundBytes = 650_000;

/** Function -> the folder that is deployed. */
const folders = new Map<string, string>();
beforeAll(async () => {
  const [zone] = readAssembly(await assembly(), 'development');
  if (zone === undefined) throw new Error('no zone');
  for (const each of deploy(zone, { TestProcessorUrl: '', BaseUrls: '{}' }).of('AWS::Lambda::Function')) {
    folders.set(each.physical.ref.replace(`strongroom-development-${zone.zone}-`, ''), codeFolder(each));
  }
});

const fileOf = (name: string): string => join(folders.get(name) ?? `no ${name}`, 'index.mjs');
const codeOf = (name: string): string => readFileSync(fileOf(name), 'utf8');

describe('bundles', () => {
  test('are one file per function', () => {
    expect([...folders.keys()].sort()).toEqual([...names].sort());
    expect(new Set(folders.values()).size).toBe(names.length);
    for (const folder of folders.values()) expect(readdirSync(folder)).toEqual(['index.mjs']);
  });

  test('hold the ids of the operations that their function serves, and of no other', () => {
    for (const name of names) {
      const quoted = new Set(codeOf(name).match(/(?<=["'`])[a-z_]+\/[a-z_]+(?=["'`])/g));
      const held = operations.filter(({ id }) => quoted.has(id));
      expect(
        held.map(({ id }) => id),
        name,
      ).toEqual(operations.filter((row) => row.function === name).map(({ id }) => id));
    }
  });

  test('stay under their bound', () => {
    for (const name of names) expect(statSync(fileOf(name)).size, name).toBeLessThan(boundBytes);
  });

  test('need nothing at run time but Node, and hold neither CDK nor the local cloud', () => {
    for (const name of names) {
      const code = codeOf(name);
      // Parsed, not searched: documentation speaks of imports too.
      const { body } = parseAst(code, { lang: 'js', sourceType: 'module' });
      const imported = [
        ...body.flatMap((each) => ('source' in each && each.source !== null ? [each.source.value] : [])),
        ...[...code.matchAll(/\bimport\(\s*["'`]([^"'`\n]+)["'`]/g)].map((match) => match[1] ?? ''),
      ];
      for (const specifier of imported) expect(isBuiltin(specifier), `${name} imports ${specifier}`).toBe(true);
      expect(code).not.toContain('aws-cdk-lib');
      expect(code).not.toContain(process.cwd());
    }
  });

  test('hold the clients of the services that their function may call, and of no other', () => {
    const callable = (row: FunctionRow): Record<string, boolean> => ({
      APIGatewayClient: row.makesUsageKeys === true,
      DynamoDBClient: row.tables.length > 0,
      EventBridgeClient: row.publishes === true,
      KMSClient: Object.keys(row.keys).length > 0,
      SecretsManagerClient: row.secrets.length > 0,
      // Lambda takes messages: only who sends has a client.
      SQSClient: row.sends !== undefined,
    });
    for (const [name, row] of Object.entries<FunctionRow>(functions)) {
      const code = codeOf(name);
      for (const [client, may] of Object.entries(callable(row))) {
        expect(new RegExp(`\\b${client} ?= ?class\\b`).test(code), `${name}: ${client}`).toBe(may);
      }
    }
  });

  test('look for credentials in the environment alone', () => {
    const elsewhere = ['AssumeRoleWithWebIdentity', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'credential_process'];
    for (const name of names) {
      const found = elsewhere.filter((place) => codeOf(name).includes(place));
      expect(found, name).toEqual([]);
    }
  });

  test('hold no code for streams of events, which no operation of theirs has', () => {
    const holding = names.filter((name) => /HeaderMarshaller|MessageDecoderStream/.test(codeOf(name)));
    expect(holding).toEqual([]);
  });

  test('start without loading undici, and export a handler', () => {
    const probe = `const loaded = [];
      for (const name of ${JSON.stringify(names.map(fileOf))}) {
        const { handler } = await import(name);
        if (typeof handler !== 'function') throw new Error(name + ' exports no handler');
      }
      process.stdout.write(process.moduleLoadList.filter((name) => name.includes('undici')).join());`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', probe], { encoding: 'utf8' })).toBe('');
  });
});
