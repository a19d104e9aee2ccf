// Every rule that we break on purpose, and why. A row without reason, owner, approver and expiry does not compile; a row
// that has expired, or that matches no finding, fails the synthesis (promise HST-2).

export interface Exception {
  /** Pack and rule as the report names them; `{…}` stands for what lib/compliance/excuses.ts lists. */
  readonly id: string;
  /** Path of the construct inside its zone, exactly; `{…}` as above. */
  readonly at: string;
  readonly reason: string;
  /** Who must end it. */
  readonly owner: 'platform' | 'security';
  readonly approver: 'security';
  /** RFC 3339 full-date, UTC: the first day on which it no longer counts. */
  readonly expires: string;
}

type Row = Omit<Exception, 'id' | 'owner' | 'approver' | 'expires'> & { readonly expires?: string };

/** Reviewed once a year, unless the row ends sooner. */
const nextReview = '2027-11-01';
const [aws, nist, hipaa, serverless] = ['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security', 'Serverless'] as const;

/** Packs repeat each other: one reason for one rule, whichever packs hold it. */
const excuse = (packs: readonly string[], rule: string, row: Row): Exception[] =>
  packs.map((pack) => ({
    id: `${pack}::${pack}-${rule}`,
    owner: 'platform',
    approver: 'security',
    expires: nextReview,
    ...row,
  }));

const wildcard = (resource: string, row: Row): Exception[] => excuse([aws], `IAM5[Resource::${resource}]`, row);

/** What is to be built, and until when. */
const soon = '2027-03-01';

export const exceptions: readonly Exception[] = [
  // Wildcards: the same list as lib/compliance/wildcards.ts, as AWS's pack sees it.
  wildcard('arn:aws:logs:{region}:{account}:log-group:/strongroom/{stage}/{zone}/{function}:*', {
    at: 'api/{function}-role',
    reason: 'The streams of the function’s own log group: Lambda names them as it starts instances.',
  }),
  wildcard('arn:aws:dynamodb:{region}:{account}:table/{table}/stream/*', {
    at: 'api/{function}-role',
    reason: 'ListStreams is asked of a table’s streams, never of one; it reads no record.',
  }),
  wildcard('arn:aws:ec2:{region}:{account}:*/*', {
    at: 'api/{function}-role',
    reason: 'Lambda attaches the function to its VPC under its role; the function’s own code is denied it.',
  }),
  wildcard('*', {
    at: 'api/{function}-role',
    reason: 'Describing subnets and network interfaces knows no finer resource; the function’s own code is denied it.',
  }),
  wildcard('arn:aws:s3:::strongroom-{stage}-{region}-failed-{account}/*', {
    at: 'api/{function}-role',
    reason: 'Lambda names the objects in which it sets aside what the function could not take.',
  }),
  wildcard('*', {
    at: 'api/gateway-logs-role',
    reason: 'The account’s setting for API Gateway’s logs: it refuses a role with less than its documented policy.',
  }),
  excuse([nist, hipaa], 'IAMNoInlinePolicy', {
    at: 'api/{role}-role',
    reason:
      'A role’s policy is written for that role alone and must go with it; a managed policy could be attached elsewhere.',
  }),
  excuse([nist, hipaa], 'IAMNoInlinePolicy', {
    at: 'network/flow-logs-role',
    reason:
      'A role’s policy is written for that role alone and must go with it; a managed policy could be attached elsewhere.',
  }),

  excuse([serverless], 'LambdaStarPermissions', {
    at: 'api/{function}-role',
    reason:
      'The wildcards that stand in lib/compliance/wildcards.ts, each with its reason; any other fails our own rule.',
  }),

  // The network.
  excuse([nist, hipaa], 'VPCDefaultSecurityGroupClosed', {
    at: 'network/vpc',
    reason:
      'CloudFormation cannot empty it; CDK would add a function that may change security groups. Nothing is put into it: our rules name every group that is used.',
  }),
  excuse([nist, hipaa], 'VPCNoUnrestrictedRouteToIGW', {
    at: 'network/vpc/publicSubnet{number}/DefaultRoute',
    reason: 'Public subnets hold NAT gateways alone, which must reach processors anywhere; no function stands there.',
  }),

  // Alarms.
  excuse([nist, hipaa], 'CloudWatchAlarmAction', {
    at: 'watch/{part}',
    reason: 'A part of a composite alarm: the composite pages, once; a part alone means nothing.',
  }),
  excuse([serverless], 'SNSRedrivePolicy', {
    at: 'watch/mailbox',
    reason: 'An alarm that reached nobody is not helped by a queue that nobody reads; the alarm’s state stays visible.',
  }),

  // Queues.
  excuse([serverless], 'SQSRedrivePolicy', {
    at: 'relay/{queue}-dead-letters',
    reason:
      'It holds the dead letters themselves, for 14 days and with an alarm: there is nowhere further to put them.',
  }),
  excuse([serverless], 'LambdaEventSourceMappingDestination', {
    at: 'api/{function}-from-{queue}',
    reason: 'Lambda knows no such destination for a queue, which sets aside by itself what failed too often.',
  }),

  // Functions.
  excuse([serverless], 'LambdaAsyncFailureDestination', {
    at: 'api/{function}-starts',
    reason: 'A start that fails is not kept: the next one, a period later, does the same work, and an alarm tells.',
  }),
  excuse([nist, hipaa], 'LambdaConcurrency', {
    at: 'api/{function}',
    reason:
      'A reservation is taken from all other functions: only those have one that must be bounded (lib/derive/concurrency.ts).',
  }),
  excuse([nist, hipaa, serverless], 'LambdaDLQ', {
    at: 'api/{function}',
    reason:
      'Nothing is handed over for later: routes wait for the answer, streams and queues keep what failed elsewhere, a scheduled run that fails is done by the next.',
  }),
  excuse([serverless], 'LambdaTracing', {
    at: 'api/{function}',
    reason: 'Traces would hold keys of rows and paths outside the zone’s own logs; one request id joins all log lines.',
  }),

  // The API.
  excuse([aws], 'APIG2', {
    at: 'api/api',
    reason: 'Bodies are validated once, in the pipeline, so that errors carry JSON pointers and refusals are audited.',
  }),
  excuse([aws], 'APIG6', {
    at: 'api/api/DeploymentStage.api',
    reason: 'Execution logs hold headers and bodies, which must not be logged; the access log and ours hold the rest.',
  }),
  excuse([nist, hipaa], 'APIGWExecutionLoggingEnabled', {
    at: 'api/api/DeploymentStage.api',
    reason: 'Execution logs hold headers and bodies, which must not be logged; the access log and ours hold the rest.',
  }),
  excuse([nist, hipaa], 'APIGWCacheEnabledAndEncrypted', {
    at: 'api/api/DeploymentStage.api',
    reason: 'Nothing is cached: an answer belongs to one caller at one moment.',
  }),
  excuse([nist, hipaa], 'APIGWSSLEnabled', {
    at: 'api/api/DeploymentStage.api',
    reason: 'A client certificate proves the gateway to a server of ours; behind it stand functions, called under IAM.',
  }),
  excuse([hipaa, serverless], 'APIGWXrayEnabled', {
    at: 'api/api/DeploymentStage.api',
    reason: 'Traces would hold paths outside the zone’s own logs; one request id joins all log lines.',
  }),
  excuse([aws], 'COG4', {
    at: 'api/api/Default/{route}',
    reason:
      'Callers are machines with API keys, which our own authorizer checks; providers sign; public pages ask for nothing.',
  }),
  excuse([aws], 'APIG4', {
    at: 'api/api/Default/{page}/GET',
    reason: 'A public page of contract/kernel/pages.ts: documentation, served by a function that may do nothing else.',
  }),
  excuse([aws], 'APIG4', {
    at: 'api/api/Default/{ingress}',
    reason:
      'Processors have no key of ours: its function verifies their signature over the raw bytes before it reads any, and the route has bounds of its own.',
  }),

  // Keys and storage.
  excuse([aws], 'SMG4', {
    at: 'keys/secret-{secret}',
    reason:
      'It rotates: the schedule stands in the stack of its function, where the pack does not look; our rule Strongroom-SEC3 does.',
  }),
  excuse([nist, hipaa], 'SecretsManagerRotationEnabled', {
    at: 'keys/secret-{secret}',
    reason:
      'It rotates: the schedule stands in the stack of its function, where the pack does not look; our rule Strongroom-SEC3 does.',
  }),
  excuse([nist, hipaa], 'S3BucketReplicationEnabled', {
    at: 'relay/failed-stream-records',
    reason: 'Records that wait to be mended here: the tables that they came from are their source, and recoverable.',
  }),
  excuse([nist, hipaa], 'S3BucketLoggingEnabled', {
    at: 'relay/failed-stream-records',
    reason: 'Server access logs name no principal. CloudTrail data events, which do, are not built yet.',
    expires: soon,
  }),
  excuse([aws], 'S1', {
    at: 'relay/failed-stream-records',
    reason: 'Server access logs name no principal. CloudTrail data events, which do, are not built yet.',
    expires: soon,
  }),
].flat();
