// The web ACL in front of the API: AWS's managed rules, bounds by address and by credential, and a log without path, query
// or credential. What a managed rule refuses is answered by API Gateway as `request_refused`; only the bounds answer here.

import { type aws_kms as kms, type Stack, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import { errors, problemType } from '../../contract/errors.ts';
import { answerHeaders } from '../../contract/headers.ts';
import { credentialShape, edgeLimits, edgeWindowSeconds, retryAfterSeconds } from '../derive/edge_limits.ts';
import { type Place, webAclName } from '../derive/names.ts';
import { addWafLog } from './waf_log.ts';

export interface WebAclProps {
  readonly place: Place;
  readonly key: kms.IKey;
}

type Rule = wafv2.CfnWebACL.RuleProperty;

const seen = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples hold paths, queries and headers, which may hold card numbers and credentials.
  sampledRequestsEnabled: false,
});

/**
 * Managed rule groups, with what is only counted and why. Not among them: the list of anonymous addresses, which holds
 * hosting providers, where our merchants' servers are.
 */
const managed: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: [],
  // It refuses bodies above 8 KB; ours are bounded by the pipeline, at requestLimits.bodyBytes.
  AWSManagedRulesCommonRuleSet: ['SizeRestrictions_BODY'],
  AWSManagedRulesKnownBadInputsRuleSet: [],
};

const managedRule = ([name, counted]: [string, readonly string[]], priority: number): Rule => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: seen(name),
});

const authorization = { singleHeader: { Name: 'authorization' } } as const;
const asSent = [{ priority: 0, type: 'NONE' }];
const tooMany = 'rate_limited';

type Bound = Omit<wafv2.CfnWebACL.RateBasedStatementProperty, 'evaluationWindowSec'>;

const bounds: Readonly<Record<string, Bound>> = {
  strangers: {
    limit: edgeLimits.requestsOfStranger,
    aggregateKeyType: 'IP',
    scopeDownStatement: {
      notStatement: {
        statement: {
          regexMatchStatement: {
            regexString: credentialShape,
            fieldToMatch: authorization,
            // The scheme's case is the client's choice.
            textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
          },
        },
      },
    },
  },
  credentials: {
    limit: edgeLimits.requestsPerCredential,
    aggregateKeyType: 'CUSTOM_KEYS',
    customKeys: [{ header: { name: 'authorization', textTransformations: asSent } }],
  },
  addresses: { limit: edgeLimits.requestsPerAddress, aggregateKeyType: 'IP' },
};

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

export function addWebAcl(stack: Stack, { place, key }: WebAclProps): string {
  const first = Object.entries(bounds).map(boundRule);
  const acl = new wafv2.CfnWebACL(stack, 'web-acl', {
    name: webAclName(place),
    description: `In front of the API of Strongroom in the zone ${place.zone}`,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    rules: [...first, ...Object.entries(managed).map((rule, index) => managedRule(rule, first.length + index))],
    // The most of a body that AWS WAF reads before API Gateway (developer guide, "Managing body inspection size limits", read 2026-11).
    associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
    // WAF writes `application/json` over any content type of ours, and knows no request id.
    customResponseBodies: { [tooMany]: { contentType: 'APPLICATION_JSON', content: problem() } },
    visibilityConfig: seen('all'),
  });
  addWafLog(stack, { place, key, webAclArn: acl.attrArn });
  return acl.attrArn;
}
