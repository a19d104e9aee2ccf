// The caller, as the authorizer told: parsed, never trusted as it comes.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { z } from 'zod';

const Caller = z.object({
  key: z.string().min(1),
  tenant: z.string().min(1),
  mode: z.enum(['test', 'live']),
  scopes: z.string().transform((scopes) => scopes.split(' ')),
});

export type Caller = z.infer<typeof Caller>;

export const callerOf = (event: Pick<APIGatewayProxyEvent, 'requestContext'>): Caller =>
  Caller.parse(event.requestContext.authorizer);
