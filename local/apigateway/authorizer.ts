// Calls a REQUEST authorizer and evaluates its answer as API Gateway does. Anything but a well-formed policy that allows this
// very method refuses the request.

import * as v from 'valibot';
import { matchesWildcards } from '../iam/wildcard.ts';
import type { Pool } from '../lambda/pool.ts';
import type { AuthorizerContext } from './event.ts';
import { authorizerEvent, methodArn } from './event.ts';
import type { ApiModel, AuthorizerModel } from './model.ts';
import type { GatewayRequest } from './request.ts';
import type { Match } from './routes.ts';

const OneOrMore = v.union([v.string(), v.array(v.string())]);
const Answer = v.object({
  principalId: v.pipe(v.string(), v.nonEmpty()),
  policyDocument: v.object({
    Version: v.optional(v.string()),
    Statement: v.array(
      v.strictObject({
        Sid: v.optional(v.string()),
        Effect: v.picklist(['Allow', 'Deny']),
        Action: OneOrMore,
        Resource: OneOrMore,
      }),
    ),
  }),
  usageIdentifierKey: v.nullish(v.string()),
  context: v.nullish(v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()])))),
});

/** Status of the authorizer's own part, as access logs show it. */
const refusals = {
  UNAUTHORIZED: 401,
  ACCESS_DENIED: 403,
  AUTHORIZER_FAILURE: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
} as const;

export type Verdict =
  | {
      readonly kind: 'allowed';
      readonly context: AuthorizerContext;
      /** The API key that it names. */
      readonly usageKey: string | undefined;
    }
  | { readonly kind: 'refused'; readonly response: keyof typeof refusals; readonly status: number };

const refused = (response: keyof typeof refusals): Verdict => ({
  kind: 'refused',
  response,
  status: refusals[response],
});

const some = (patterns: string | readonly string[], text: string): boolean =>
  (typeof patterns === 'string' ? [patterns] : patterns).some((pattern) => matchesWildcards(pattern, text));

export const isAllowed = (answer: v.InferOutput<typeof Answer>, arn: string): boolean => {
  const applying = answer.policyDocument.Statement.filter(
    ({ Action, Resource }) => some(Action, 'execute-api:Invoke') && some(Resource, arn),
  );
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
};

const hasIdentity = (authorizer: AuthorizerModel, request: GatewayRequest): boolean =>
  authorizer.identityHeaders.every((name) =>
    request.headers.some(([each, value]) => each.toLowerCase() === name && value !== ''),
  );

export const askAuthorizer = async (
  api: ApiModel,
  authorizer: AuthorizerModel,
  pool: Pool,
  request: GatewayRequest,
  match: Match,
): Promise<Verdict> => {
  if (!hasIdentity(authorizer, request)) return refused('UNAUTHORIZED');
  const began = Date.now();
  const outcome = await pool.invoke(authorizerEvent(api, request, match));
  if (outcome.kind === 'failed' && outcome.errorMessage === 'Unauthorized') return refused('UNAUTHORIZED');
  if (outcome.kind !== 'returned') return refused('AUTHORIZER_FAILURE');
  const answer = v.safeParse(Answer, outcome.payload);
  if (!answer.success) return refused('AUTHORIZER_CONFIGURATION_ERROR');
  if (!isAllowed(answer.output, methodArn(api, request))) return refused('ACCESS_DENIED');
  const context: Record<string, string | number> = {};
  // Numbers and booleans reach the integration as text.
  for (const [name, value] of Object.entries(answer.output.context ?? {}))
    if (value !== null) context[name] = String(value);
  return {
    kind: 'allowed',
    usageKey: answer.output.usageIdentifierKey ?? undefined,
    context: { ...context, principalId: answer.output.principalId, integrationLatency: Date.now() - began },
  };
};
