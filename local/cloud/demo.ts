// Makes the operators and demo tenants of a fresh state folder as a deployer and an operator make them in AWS: operators by
// the command line with the deployer's credentials, tenants through the API. The state folder holds their keys, so that a
// restart prints the same ones.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { localLimits } from '../host/limits.ts';
import { runProgram } from '../host/program.ts';
import { UserError } from '../host/user_error.ts';
import type { Credentials } from '../iam/principals.ts';
import { compileCacheOf, type StateFolder } from '../storage/state.ts';

const Tenant = v.object({ id: v.string(), zone: v.string(), mode: v.string(), secret_key: v.string() });
export const demoFile = 'demo.json';
export const Demo = v.object({ operator_keys: v.record(v.string(), v.string()), tenants: v.array(Tenant) });

export type Demo = v.InferOutput<typeof Demo>;

/** Names of the tenants that each zone gets. */
const tenantNames: Partial<Record<ZoneName, readonly string[]>> = {
  us: ['Blue Bottle Books', 'Harbor Bikes'],
  eu: ['Atelier Lumen'],
};

export interface DemoOptions {
  readonly projectRoot: string;
  readonly stage: string;
  readonly awsUrl: string;
  readonly deployer: Credentials;
  /** URL of the API by zone. */
  readonly api: Readonly<Record<string, string>>;
}

/** Makes an operator by the command that makes one in AWS, with the deployer's credentials; resolves with its key. */
export const createOperator = async (
  zone: string,
  name: string,
  state: Pick<StateFolder, 'path' | 'file'>,
  options: Omit<DemoOptions, 'api'>,
): Promise<string> => {
  const { projectRoot, stage, awsUrl, deployer } = options;
  const command = ['operator', 'create', '--stage', stage, '--zone', zone, '--name', name];
  const { succeeded, how, output } = await runProgram([join(projectRoot, 'bin/strongroom.ts'), ...command], {
    cwd: projectRoot,
    env: {
      PATH: process.env.PATH,
      // Without it the SDK would read the AWS configuration of the person who runs the local cloud.
      HOME: state.path,
      NODE_COMPILE_CACHE: compileCacheOf(state),
      AWS_ACCESS_KEY_ID: deployer.accessKeyId,
      AWS_SECRET_ACCESS_KEY: deployer.secretAccessKey,
      AWS_SESSION_TOKEN: deployer.sessionToken,
      STRONGROOM_ENDPOINT: awsUrl,
    },
    timeoutMs: localLimits.demoCallMs,
  });
  const [, key] = /^\s*(ok_\w+)$/m.exec(output) ?? [];
  if (succeeded && key !== undefined) return key;
  throw new UserError(`Zone ${zone}: strongroom operator create made no operator (${how}).\n${output}`);
};

const createTenant = async (
  url: string,
  zone: string,
  name: string,
  key: string,
): Promise<v.InferOutput<typeof Tenant>> => {
  const response = await fetch(`${url}/v1/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ name, zone }),
    signal: AbortSignal.timeout(localLimits.demoCallMs),
  });
  const text = await response.text();
  const parsed = response.status === 201 ? v.safeParse(v.omit(Tenant, ['zone']), JSON.parse(text)) : undefined;
  if (parsed?.success !== true) {
    throw new UserError(
      `POST ${url}/v1/tenants answered ${response.status} instead of a new tenant:\n${text}\nStart with --no-demo to look at it, and see the logs in the state folder.`,
    );
  }
  return { zone, ...parsed.output };
};

export const provideDemo = async (
  zones: readonly ZoneName[],
  state: StateFolder,
  options: DemoOptions,
): Promise<Demo> => {
  const demo = (await state.read(demoFile, Demo)) ?? { operator_keys: {}, tenants: [] };
  const withoutOperator = zones.filter((zone) => demo.operator_keys[zone] === undefined);
  const keys = await Promise.all(withoutOperator.map((zone) => createOperator(zone, 'local operator', state, options)));
  for (const [at, zone] of withoutOperator.entries()) demo.operator_keys[zone] = keys[at] ?? '';
  if (keys.length > 0) await state.write(demoFile, demo);
  for (const zone of zones) {
    const existing = demo.tenants.filter((tenant) => tenant.zone === zone).length;
    for (const name of (tenantNames[zone] ?? []).slice(existing)) {
      const key = demo.operator_keys[zone] ?? '';
      demo.tenants.push(await createTenant(options.api[zone] ?? '', zone, name, key));
      await state.write(demoFile, demo);
    }
  }
  return demo;
};
