// The web ACL in front of the API: AWS's managed rules, bounds by address and by credential, and a log without path, query
// or credential. What a managed rule refuses is answered by API Gateway as `request_refused`; only the bounds answer here.
// The route of processors has a bound of its own, and no rule about bodies.

import { type aws_kms as kms, type Stack, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import { errors } from '../../contract/capabilities.ts';
import { problemType } from '../../contract/kernel/error.ts';
import { answerHeaders } from '../../contract/kernel/headers.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { authorizationPattern, edgeLimits, edgeWindowSeconds, retryAfterSeconds } from '../derive/edge_limits.ts';
import { ingressPathShape } from '../derive/ingress.ts';
import { webAclName, type ZoneDeployment } from '../derive/names.ts';
import { addWafLog } from './waf_log.ts';

export interface WebAclProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
}

type Rule = wafv2.CfnWebACL.RuleProperty;

const seen = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples hold paths, queries and headers, which may hold card numbers and credentials.
  sampledRequestsEnabled: false,
});

const asSent = [{ priority: 0, type: 'NONE' }];

const atIngress: wafv2.CfnWebACL.StatementProperty = {
  regexMatchStatement: { regexString: ingressPathShape, fieldToMatch: { uriPath: {} }, textTransformations: asSent },
};
const elsewhere: wafv2.CfnWebACL.StatementProperty = { notStatement: { statement: atIngress } };

interface Managed {
  readonly name: string;
  /** Rules of the group that only count. */
  readonly counted?: readonly string[];
  /** Whether it looks for attacks in bodies, and so not in those of the ingress. */
  readonly readsBodies?: true;
}

/**
 * Managed rule groups, with what is only counted and why. Not among them: the list of anonymous addresses, which holds
 * hosting providers, where our merchants' servers are. Notifications of processors hold what payers wrote: a payer who writes
 * like an attacker must not block a dispute. At the ingress a body is verified before it is read, sealed, and shown to nobody,
 * and the path can hold nothing but letters, digits and `_`.
 */
const managed: readonly Managed[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList' },
  // It refuses bodies above 8 KB; ours are bounded by the pipeline, at requestLimits.bodyBytes.
  { name: 'AWSManagedRulesCommonRuleSet', counted: ['SizeRestrictions_BODY'], readsBodies: true },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', readsBodies: true },
];

const managedRule = ({ name, counted = [], readsBodies }: Managed, priority: number): Rule => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ...(readsBodies && { scopeDownStatement: elsewhere }),
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: seen(name),
});

const authorization = { singleHeader: { Name: 'authorization' } } as const;
const withoutCredential = (zone: ZoneName): wafv2.CfnWebACL.StatementProperty => ({
  notStatement: {
    statement: {
      regexMatchStatement: {
        regexString: authorizationPattern(zone),
        fieldToMatch: authorization,
        // The scheme's case is the client's choice.
        textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
      },
    },
  },
});
const tooMany = 'rate_limited';

type Bound = Omit<wafv2.CfnWebACL.RateBasedStatementProperty, 'evaluationWindowSec'>;

const boundsOf = (zone: ZoneName): Readonly<Record<string, Bound>> => ({
  anonymous: {
    limit: edgeLimits.requestsPerAnonymousAddress,
    aggregateKeyType: 'IP',
    scopeDownStatement: { andStatement: { statements: [withoutCredential(zone), elsewhere] } },
  },
  'anonymous-together': {
    limit: edgeLimits.requestsOfAnonymous,
    aggregateKeyType: 'CONSTANT',
    scopeDownStatement: { andStatement: { statements: [withoutCredential(zone), elsewhere] } },
  },
  // Whether it sends a credential or not.
  processors: { limit: edgeLimits.requestsPerProcessorAddress, aggregateKeyType: 'IP', scopeDownStatement: atIngress },
  credentials: {
    limit: edgeLimits.requestsPerCredential,
    aggregateKeyType: 'CUSTOM_KEYS',
    customKeys: [{ header: { name: 'authorization', textTransformations: asSent } }],
  },
  addresses: { limit: edgeLimits.requestsPerAddress, aggregateKeyType: 'IP' },
});

const boundRule = ([name, bound]: [string, Bound], priority: number): Rule => ({
  name,
  priority,
  action: {
    block: {
      customResponse: {
        responseCode: errors[tooMany].status,
        customResponseBodyKey: tooMany,
        responseHeaders: Object.entries({ ...answerHeaders, 'Retry-After': String(retryAfterSeconds) }).map(
          ([header, value]) => ({ name: header, value }),
        ),
      },
    },
  },
  statement: { rateBasedStatement: { ...bound, evaluationWindowSec: edgeWindowSeconds } },
  visibilityConfig: seen(name),
});

const problem = (): string => {
  const { status, title, detail } = errors[tooMany];
  return JSON.stringify({ type: problemType(tooMany), title, status, code: tooMany, detail });
};

export function addWebAcl(stack: Stack, { deployment, key }: WebAclProps): string {
  const first = Object.entries(boundsOf(deployment.zone)).map(boundRule);
  const acl = new wafv2.CfnWebACL(stack, 'web-acl', {
    name: webAclName(deployment),
    description: `In front of the API of Strongroom in the zone ${deployment.zone}`,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    rules: [...first, ...managed.map((rule, index) => managedRule(rule, first.length + index))],
    // The most of a body that AWS WAF reads before API Gateway (AWS WAF developer guide, "Managing body inspection size limits",
    // read 2026-11).
    associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
    // WAF writes `application/json` over any content type of ours, and knows no request id.
    customResponseBodies: { [tooMany]: { contentType: 'APPLICATION_JSON', content: problem() } },
    visibilityConfig: seen('all'),
  });
  addWafLog(stack, { deployment, key, webAclArn: acl.attrArn });
  return acl.attrArn;
}
