// Serves what a run of tests makes once: the cloud assembly, the state of a local cloud that booted, and a local cloud that
// files share. Each is made when the first file asks for it (test/kit/run.ts), so that a run of one capability pays for
// nothing that it does not use. All of it lies in a folder of the run and is gone when the run ends.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { TestProject } from 'vitest/node';
import { openRecordingsFolder } from '../../proof/privileges/recordings_folder.ts';
import { type Cloud, copyOfState, endCloud, startCloud } from './cloud.ts';
import { Made, runVariable } from './run.ts';

const root = join(import.meta.dirname, '..', '..');

/**
 * Our rules and all packs must pass. AWS's own validator takes longer than all the rest: `npm run synth` and proof/synthesis
 * have it judge the same templates.
 */
async function synthesize(program: readonly string[], outdir: string): Promise<string> {
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' };
  await promisify(execFile)(process.execPath, program, { cwd: root, env });
  return outdir;
}

/** Of the reference configuration; a folder that is given is used as it is. */
async function referenceAssembly(folder: string): Promise<string> {
  const given = process.env.STRONGROOM_TEST_ASSEMBLY;
  return given === undefined ? synthesize(['test/kit/synthesize.ts'], join(folder, 'cdk.out')) : resolve(given);
}

async function dressedAssembly(folder: string): Promise<string> {
  const outdir = join(folder, 'dressed');
  return synthesize(['test/kit/synthesize_dressed.ts', outdir], outdir);
}

/** Tables, keys, operators and demo tenants are there. */
async function boot(folder: string): Promise<string> {
  const cloud = await startCloud(join(folder, 'state'));
  await endCloud(cloud, 'SIGTERM');
  return cloud.state;
}

/** Makes each thing once. */
function makerIn(folder: string) {
  let cloud: Cloud | undefined;
  const makers: Readonly<Record<Made, () => Promise<unknown>>> = {
    assembly: () => referenceAssembly(folder),
    // Its functions are those that the other one bundles.
    dressed: async () => {
      await make('assembly');
      return dressedAssembly(folder);
    },
    state: () => boot(folder),
    cloud: async () => {
      cloud = await startCloud(await copyOfState());
      return { ready: cloud.ready, state: cloud.state };
    },
  };
  const made = new Map<Made, Promise<unknown>>();
  const make = (name: Made): Promise<unknown> => {
    const making = made.get(name) ?? makers[name]();
    made.set(name, making);
    return making;
  };
  return {
    make,
    async end() {
      await Promise.allSettled(made.values());
      await cloud?.stop();
    },
  };
}

export default async function setup({ vite }: TestProject): Promise<() => Promise<void>> {
  // A hundred processes load the same modules: what Node compiles for one it keeps for all.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compiled');
  const removeRecordings = openRecordingsFolder({ goesOn: vite.config.mode === 'proofs' });
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-run-'));
  const { make, end } = makerIn(folder);
  const server = createServer(async ({ url = '' }, response) => {
    const [status, body] = await make(v.parse(Made, url.slice(1))).then(
      (value) => [200, value] as const,
      (thrown) => [500, String(thrown?.stderr ?? thrown)] as const,
    );
    // Never kept: a test that asks again much later would meet a connection that is just being closed.
    response.writeHead(status, { connection: 'close' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env[runVariable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    await end();
    server.close();
    delete process.env[runVariable];
    rmSync(folder, { recursive: true, force: true });
    removeRecordings();
  };
}
