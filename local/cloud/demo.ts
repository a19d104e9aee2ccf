// The operators and demo tenants of a fresh state folder, made as a deployer and an operator would make them: operators
// with the deployer's credentials, tenants through the API. Keys are kept in the state folder, so that a restart prints
// the same ones.

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { variables } from '../../contract/kernel/environment.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import type { Credentials } from '../iam/principals.ts';
import { localLimits } from '../limits.ts';
import type { StateFolder } from '../storage/state.ts';
import { UserError } from './user_error.ts';
import type { RunningZone } from './zone.ts';

const Tenant = v.object({ id: v.string(), zone: v.string(), mode: v.string(), secret_key: v.string() });
export const demoFile = 'demo.json';
export const Demo = v.object({ operator_keys: v.record(v.string(), v.string()), tenants: v.array(Tenant) });

export type Demo = v.InferOutput<typeof Demo>;

/** How many tenants each zone gets. */
const tenantNames: Partial<Record<ZoneName, readonly string[]>> = {
  us: ['Blue Bottle Books', 'Harbor Bikes'],
  eu: ['Atelier Lumen'],
};

export interface DemoOptions {
  readonly stage: string;
  readonly awsUrl: string;
  readonly deployer: Credentials;
  readonly api: Readonly<Record<string, string>>;
}

const operatorKey = async (zone: RunningZone, { stage, awsUrl, deployer }: DemoOptions): Promise<string> => {
  // Loaded when needed: a restart finds its operators in the state folder.
  const { createOperator } = await import('../../cli/operator/operator.ts');
  const told = zone.variables('settings');
  const operator = await createOperator({
    stage,
    zone: zone.deployment.zone,
    region: zone.deployment.region,
    name: 'local operator',
    tableName: told[variables.table('tenants')] ?? '',
    pepperSecret: told[variables.secret('peppers')] ?? '',
    endpoint: awsUrl,
    credentials: deployer,
  });
  return operator.key;
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
  zones: readonly RunningZone[],
  state: StateFolder,
  options: DemoOptions,
): Promise<Demo> => {
  const demo = (await state.read(demoFile, Demo)) ?? { operator_keys: {}, tenants: [] };
  for (const zone of zones) {
    const name = zone.deployment.zone;
    const known = demo.operator_keys[name];
    const key = known ?? (await operatorKey(zone, options));
    if (known === undefined) {
      demo.operator_keys[name] = key;
      await state.write(demoFile, demo);
    }
    const wanted = tenantNames[name] ?? [];
    const made = demo.tenants.filter((tenant) => tenant.zone === name).length;
    for (const tenant of wanted.slice(made)) {
      demo.tenants.push(await createTenant(options.api[name] ?? '', name, tenant, key));
      await state.write(demoFile, demo);
    }
  }
  return demo;
};
