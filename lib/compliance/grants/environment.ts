// What an environment variable may be called and may hold: names of the zone's own resources and words of the contract. Nothing else can
// be in a function's environment, whatever lib/derive puts there, and so no secret and no address of somebody else.

import {
  type FunctionName,
  type FunctionRow,
  functions,
  operations,
  queues,
  tables,
} from '../../../contract/capabilities.ts';
import { variables } from '../../../contract/kernel/environment.ts';
import { kmsKeys, platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { rateClasses, rateName, rates } from '../../../contract/kernel/rates.ts';
import { busName, tableName, type ZoneDeployment } from '../../derive/names.ts';
import { inWords, key, plan, secret } from './statement.ts';

const names = <Name extends string>(of: Readonly<Record<Name, unknown>>): Name[] => Object.keys(of) as Name[];

/** Every variable that the contract names. */
const known: ReadonlySet<string> = new Set([
  ...Object.values(variables).filter((variable) => typeof variable === 'string'),
  ...names(tables).map(variables.table),
  ...names(kmsKeys).map(variables.key),
  ...names(queues).map(variables.queue),
  ...names(platformSecrets).map(variables.secret),
]);

/** Words that say how a function runs: a level, a number of one or two digits, a position. */
const word = /^([A-Z]{4,5}|\d{1,2}|[a-z]{4,10})$/;

/** A variable that stands for one thing holds that thing and no other. */
const only = (deployment: ZoneDeployment): ReadonlyMap<string, string> =>
  new Map([
    [variables.stage, deployment.stage],
    [variables.zone, deployment.zone],
    [variables.bus, busName(deployment)],
    ...names(tables).map((table): [string, string] => [variables.table(table), tableName(deployment, table)]),
    ...names(kmsKeys).map((name): [string, string] => [variables.key(name), key(name)]),
    ...names(platformSecrets).map((name): [string, string] => [variables.secret(name), secret(name)]),
    ...names(queues).map((name): [string, string] => [variables.queue(name), `relay/${name}`]),
  ]);

/** Routes and rate classes, rates and their usage plans. */
const inTables: ReadonlySet<string> = new Set([
  ...operations.map(({ method, path }) => `${method} ${path}`),
  ...rateClasses,
  ...rates.map(rateName),
  ...rates.map((rate) => plan(rateName(rate))),
]);

const isTable = (text: string): boolean => {
  try {
    const entries: [string, unknown][] = Object.entries(JSON.parse(text));
    return entries.every(([name, value]) => inTables.has(name) && typeof value === 'string' && inTables.has(value));
  } catch {
    return false;
  }
};

/** What parameters of the stack hold, which the configuration gives (lib/constructs/address_parameters.ts). */
const isAddress = (text: string): boolean => /^\w+\/(BaseUrls|TestProcessorUrl|OtherRegionUrl)$/.test(text);

/** Names alone: what a value is may be a secret. */
export function environmentFaults(
  deployment: ZoneDeployment,
  name: FunctionName,
  found: Record<string, unknown>,
): string[] {
  const row: FunctionRow = functions[name];
  const fixed = only(deployment);
  const regions = [deployment.region, ...(otherRegionOf(deployment) ?? [])];
  return Object.entries(found).flatMap(([variable, value]) => {
    if (!known.has(variable)) return [`${variable} is no variable of contract/kernel/environment.ts`];
    const text = typeof value === 'string' ? inWords(value, deployment) : '';
    const expected = fixed.get(variable);
    const right =
      expected === undefined
        ? word.test(text) || regions.includes(text) || isAddress(text) || isTable(text)
        : text === expected && (!isSecret(variable) || row.secrets.some((each) => variables.secret(each) === variable));
    return right ? [] : [`${variable} holds nothing that follows from the contract`];
  });
}

const isSecret = (variable: string): boolean =>
  names(platformSecrets).some((name) => variables.secret(name) === variable);

const otherRegionOf = (deployment: ZoneDeployment & { readonly otherRegion?: string }): string[] | undefined =>
  deployment.otherRegion === undefined ? undefined : [deployment.otherRegion];
