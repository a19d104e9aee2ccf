// Every function that answers reads, behind one door as the API has it: each under its own name, so that what it asks of AWS
// is recorded as its own.

import type { FunctionName } from '../../contract/capabilities.ts';
import { routes as auditRoutes } from '../../lambdas/functions/audit_read.ts';
import { routes as connectionRoutes } from '../../lambdas/functions/connections_read.ts';
import { routes as eventRoutes } from '../../lambdas/functions/events_read.ts';
import { routes as paymentRoutes } from '../../lambdas/functions/payments_read.ts';
import { routes as tenantRoutes } from '../../lambdas/functions/tenants_read.ts';
import { routes as webhookRoutes } from '../../lambdas/functions/webhooks_read.ts';
import { type ApiHandler, serve } from '../../lambdas/kernel/http/serve.ts';
import { handlerPorts } from '../../lambdas/kernel/operation/ports.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';

export const readingFunctions = {
  audit_read: auditRoutes,
  connections_read: connectionRoutes,
  events_read: eventRoutes,
  payments_read: paymentRoutes,
  tenants_read: tenantRoutes,
  webhooks_read: webhookRoutes,
} as const satisfies Partial<Record<FunctionName, readonly object[]>>;

const routeOf = (method: string, path: string): string => `${method} ${path}`;

export type ReadingFunction = keyof typeof readingFunctions;

export function readers(platformOf: (name: ReadingFunction) => Platform): ApiHandler {
  const names = Object.keys(readingFunctions) as ReadingFunction[];
  const byRoute = new Map(
    names.flatMap((name) => {
      const handler = serve(handlerPorts(platformOf(name)), readingFunctions[name]);
      return readingFunctions[name].map(
        ({ operation }) => [routeOf(operation.method, operation.path), handler] as const,
      );
    }),
  );
  return (event, context) => {
    const handler = byRoute.get(routeOf(event.httpMethod, event.resource));
    if (handler === undefined) throw new Error(`No function reads ${event.httpMethod} ${event.resource}`);
    return handler(event, context);
  };
}
