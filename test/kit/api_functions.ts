// The functions that serve operations, each by its own name, and all of them behind one door as the API has it.

import { type FunctionName, type Operation, operations, type ServingFunction } from '../../contract/capabilities.ts';
import { type ApiHandler, serve } from '../../lambdas/kernel/http/serve.ts';
import { type Ports, portsOf } from '../../lambdas/kernel/operation/ports.ts';
import type { Route } from '../../lambdas/kernel/operation/route.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';

/** Whatever one of them needs, and more than any has in AWS. */
export type EveryPort = Ports & MoneyPorts;

const routesIn = async (name: ServingFunction): Promise<readonly Route<EveryPort>[]> =>
  (await import(`../../lambdas/functions/${name}.ts`)).routes;

export const servingFunctions = [...new Set(operations.map(({ function: name }) => name))] as ServingFunction[];

export const routesOf = Object.fromEntries(
  await Promise.all(servingFunctions.map(async (name) => [name, await routesIn(name)] as const)),
) as Readonly<Record<ServingFunction, readonly Route<EveryPort>[]>>;

/** Those that only read. */
export const readingFunctions = servingFunctions.filter((name) => name.endsWith('_read'));

export const everyPort = (platform: Platform): EveryPort => ({ ...moneyPorts(platform), ...portsOf(platform) });

/** Answers every operation with the function of its row. */
export function apiHandler(portsFor: (name: ServingFunction) => EveryPort): ApiHandler {
  const served = new Map<FunctionName, ApiHandler>();
  const rows = new Map(operations.map((row) => [routeName(row.method, row.path), row]));
  return (event, context) => {
    const row = rows.get(routeName(event.httpMethod, event.resource));
    if (row === undefined) throw new Error(`No operation is ${event.httpMethod} ${event.resource}`);
    const handler = served.get(row.function) ?? servedBy(row, portsFor);
    served.set(row.function, handler);
    return handler(event, context);
  };
}

const routeName = (method: string, path: string): string => `${method} ${path}`;

const servedBy = (row: Operation, portsFor: (name: ServingFunction) => EveryPort): ApiHandler => {
  const name = row.function as ServingFunction;
  return serve(portsFor(name), routesOf[name]);
};
