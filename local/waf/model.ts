// The web ACL of a zone as its templates declare it. Closed: a rule or statement that would behave differently here is refused
// with a UserError.

import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';

const Transformations = v.array(v.object({ Priority: v.number(), Type: v.picklist(['NONE', 'LOWERCASE']) }));
const Field = v.union([
  v.strictObject({ UriPath: v.strictObject({}) }),
  v.strictObject({ SingleHeader: v.strictObject({ Name: v.string() }) }),
]);

export type Statement =
  | { readonly AndStatement: { readonly Statements: readonly Statement[] } }
  | { readonly NotStatement: { readonly Statement: Statement } }
  | {
      readonly RegexMatchStatement: {
        readonly RegexString: string;
        readonly FieldToMatch: v.InferOutput<typeof Field>;
        readonly TextTransformations: v.InferOutput<typeof Transformations>;
      };
    };

const Statement: v.GenericSchema<Statement> = v.lazy(() =>
  v.union([
    v.strictObject({ AndStatement: v.strictObject({ Statements: v.array(Statement) }) }),
    v.strictObject({ NotStatement: v.strictObject({ Statement }) }),
    v.strictObject({
      RegexMatchStatement: v.strictObject({
        RegexString: v.string(),
        FieldToMatch: Field,
        TextTransformations: Transformations,
      }),
    }),
  ]),
);

const Rate = v.strictObject({
  Limit: v.number(),
  EvaluationWindowSec: v.number(),
  AggregateKeyType: v.picklist(['IP', 'CONSTANT', 'CUSTOM_KEYS']),
  CustomKeys: v.optional(
    v.array(v.strictObject({ Header: v.strictObject({ Name: v.string(), TextTransformations: Transformations }) })),
    [],
  ),
  ScopeDownStatement: v.optional(Statement),
});

const ManagedGroup = v.strictObject({
  VendorName: v.literal('AWS'),
  Name: v.picklist([
    'AWSManagedRulesAmazonIpReputationList',
    'AWSManagedRulesCommonRuleSet',
    'AWSManagedRulesKnownBadInputsRuleSet',
  ]),
  RuleActionOverrides: v.optional(
    v.array(v.strictObject({ Name: v.string(), ActionToUse: v.strictObject({ Count: v.strictObject({}) }) })),
    [],
  ),
  ScopeDownStatement: v.optional(Statement),
});

const Block = v.strictObject({
  CustomResponse: v.strictObject({
    ResponseCode: v.number(),
    CustomResponseBodyKey: v.string(),
    ResponseHeaders: v.array(v.strictObject({ Name: v.string(), Value: v.string() })),
  }),
});

const Rule = v.union([
  v.object({
    Name: v.string(),
    Priority: v.number(),
    Action: v.strictObject({ Block }),
    Statement: v.strictObject({ RateBasedStatement: Rate }),
  }),
  v.object({
    Name: v.string(),
    Priority: v.number(),
    OverrideAction: v.strictObject({ None: v.strictObject({}) }),
    Statement: v.strictObject({ ManagedRuleGroupStatement: ManagedGroup }),
  }),
]);

export const WebAcl = v.object({
  DefaultAction: v.strictObject({ Allow: v.strictObject({}) }),
  Rules: v.array(Rule),
  CustomResponseBodies: v.record(v.string(), v.strictObject({ ContentType: v.string(), Content: v.string() })),
});
export type WebAcl = v.InferOutput<typeof WebAcl>;
export type ManagedGroup = v.InferOutput<typeof ManagedGroup>;

/** Undefined: nothing stands before the API of these stacks. */
export function readWebAcl(deployment: Deployment): WebAcl | undefined {
  const [acl, ...others] = deployment.of('AWS::WAFv2::WebACL');
  if (acl === undefined) return undefined;
  if (others.length > 0) throw new UserError(`Zone ${deployment.zone} has more than one web ACL.`);
  const parsed = v.safeParse(WebAcl, acl.properties());
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UserError(
    `stack ${acl.stack.name}: ${acl.logicalId} (${acl.type}) is not run locally as it is: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
  );
}
