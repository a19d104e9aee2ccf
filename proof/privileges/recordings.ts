// The recordings of one run, read back: everything that the roles of a place were seen to ask for. What was asked under the
// names of test/kit/aws/environment.ts is asked anew under those that the function's template gives it; a name that the template
// does not give is told, never guessed.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type QueueName, queues } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { RecordedAccess } from '../../local/iam/recording.ts';
import { account, environment, queueArn, region } from '../../test/kit/aws/environment.ts';
import type { Asked } from './decide.ts';
import type { CheckedRole, Place } from './place.ts';
import { NamedAccess } from './recorder.ts';

export interface Recordings {
  readonly files: number;
  readonly deployed: readonly RecordedAccess[];
  readonly named: readonly NamedAccess[];
}

const Line = v.union([RecordedAccess, NamedAccess]);

/** Every `.jsonl` of the folder. A line that is none of ours is an error. */
export function readRecordings(folder: string): Recordings {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const lines = new Set(files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n')));
  lines.delete('');
  const deployed: RecordedAccess[] = [];
  const named: NamedAccess[] = [];
  for (const line of lines) {
    const access = v.parse(Line, JSON.parse(line));
    if ('role' in access) deployed.push(access);
    else named.push(access);
  }
  return { files: files.length, deployed, named };
}

export interface AskedBy {
  readonly role: CheckedRole;
  readonly place: Place;
  readonly asked: Asked;
}

export interface Strays {
  readonly strays: readonly string[];
}

/** Variable by what the environment of tests without a cloud holds in it: a name, or an ARN. */
const variableOf = new Map(Object.entries(environment('', '')).map(([variable, value]) => [value, variable]));

const queueNames = Object.keys(queues) as QueueName[];

/** The same resource under the function's own names; undefined where the function has none for it. */
/** API Gateway's keys have no name of ours: they are the region's. */
const apiKeys = (of: string): string => `arn:aws:apigateway:${of}::/apikeys`;

const deployedResource = (resource: string, role: CheckedRole, { deployment }: Place): string | undefined => {
  const whole = variableOf.get(resource);
  if (whole !== undefined) return role.variables[whole];
  if (resource === apiKeys(region)) return apiKeys(deployment.region);
  const queue = queueNames.find((name) => resource === queueArn(name));
  if (queue !== undefined) {
    // A function is told a queue's address, which ends in its name.
    const name = role.variables[variables.queue(queue)]?.split('/').at(-1);
    return name && `arn:aws:sqs:${deployment.region}:${deployment.account}:${name}`;
  }
  const [, head = '', name = '', rest = ''] = /^(arn:[^/]+\/)([^/]+)(\/.*)?$/.exec(resource) ?? [];
  const known = role.variables[variableOf.get(name) ?? ''];
  const here = head.replace(`:${region}:${account}:`, `:${deployment.region}:${deployment.account}:`);
  return known === undefined ? undefined : `${here}${known}${rest}`;
};

const alike = ({ representative }: Place, keys: Asked['keys']): Asked['keys'] =>
  Object.fromEntries(
    Object.entries(keys).map(([key, values]) => [
      key,
      [...new Set(values.map((value) => representative(key, value)))].sort(),
    ]),
  );

/**
 * What was asked in a zone's second region is asked of the home's role: the two grant the same but for a closed list
 * (test/infra/regions.test.ts). Usage plans have ids of their region; those of the home are asked for at home.
 */
const asIfAtHome = (access: RecordedAccess): RecordedAccess | [] => {
  const zone = Object.values(zones).find(({ second }) => access.role.includes(`-${second}-`));
  if (zone === undefined) return access;
  if (access.action.startsWith('apigateway:')) return [];
  return v.parse(RecordedAccess, JSON.parse(JSON.stringify(access).replaceAll(zone.second, zone.home)));
};

/** Each different access once. `named` ones are asked in the first place: its zone is the one that they run in. */
export function askedOf({ deployed, named }: Recordings, places: readonly Place[]): Strays & { asked: AskedBy[] } {
  const found = new Map<string, AskedBy>();
  const strays: string[] = [];
  const roles = new Map(places.flatMap((place) => place.roles.map((role) => [role.arn, { role, place }] as const)));
  const add = (role: CheckedRole, place: Place, asked: Asked): void => {
    const same = { ...asked, keys: alike(place, asked.keys) };
    found.set(JSON.stringify([role.arn, same]), { role, place, asked: same });
  };
  for (const { role: arn, by, action, resource, keys, inVpc } of deployed.flatMap(asIfAtHome)) {
    const known = roles.get(arn);
    if (known === undefined) strays.push(`${action} on ${resource} was asked for under ${arn}, which is not checked`);
    else add(known.role, known.place, { by, action, resource, keys, inVpc });
  }
  const [home] = places;
  for (const { function: name, action, resource: logical, keys } of named) {
    const role = home?.roles.find((each) => each.name === name);
    if (home === undefined || role?.code === undefined) {
      strays.push(`${action} on ${logical} was asked for by ${name}, which is no function`);
      continue;
    }
    const resource = deployedResource(logical, role, home);
    if (resource === undefined) {
      strays.push(`${name} asked for ${action} on ${logical}, of which its template tells it no name`);
      continue;
    }
    const actorKeys = v.parse(v.record(v.string(), v.array(v.string())), role.code.keys);
    add(role, home, { by: 'code', action, resource, keys: { ...keys, ...actorKeys }, inVpc: role.code.inVpc === true });
  }
  return { asked: [...found.values()], strays };
}
