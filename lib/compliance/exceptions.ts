// Every finding that we accept, and why. A row without reason, owner and expiry does not compile, and who agreed is who reviewed
// the commit; a row that has expired, or that matches no finding, fails the synthesis (promise HST-2).

import type { ProfileName } from '../derive/profile.ts';

export interface Exception {
  /** Pack and rule as the report names them; `{…}` stands for what lib/compliance/exception_matcher.ts lists. */
  readonly id: string;
  /** Path of the construct inside its zone, exactly; `{…}` as above. */
  readonly at: string;
  readonly reason: string;
  /** The only profile whose zones it covers, where the finding follows from the profile. Absent: all. */
  readonly profile?: ProfileName;
  /** Whether it covers second regions alone. */
  readonly secondRegion?: true;
  /** Whether it covers stages alone that hold data for good. */
  readonly locked?: true;
  /** Who must end it. */
  readonly owner: 'platform' | 'security';
  /** RFC 3339 full-date, UTC: the first day on which it no longer counts. */
  readonly expires: string;
}

type Row = Omit<Exception, 'id' | 'owner' | 'expires'> & { readonly expires?: string };

/** Reviewed once a year, unless the row ends sooner. */
const nextReview = '2027-11-01';
const [aws, nist, hipaa, serverless] = ['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security', 'Serverless'] as const;

/** Packs repeat each other: one reason for one rule, whichever packs have it. */
const except = (packs: readonly string[], rule: string, row: Row): Exception[] =>
  packs.map((pack) => ({
    id: `${pack}::${pack}-${rule}`,
    owner: 'platform',
    expires: nextReview,
    ...row,
  }));

const wildcard = (resource: string, row: Row): Exception[] => except([aws], `IAM5[Resource::${resource}]`, row);

/** The bucket of failed stream records, as a function's stack names it. */
const failedRecords =
  '{"Fn::GetStackOutput":{"StackName":"strongroom-{stage}-{zone}-relay","Region":"{region}","OutputName":"PublishOutputFnGetAttfailedstreamrecords{hash}Arn{output}"}}';

const inlinePolicy =
  'A role’s policy is written for that role alone and is deleted with it; a managed policy could be attached to others.';

/** Until CloudTrail data events are built. */
const untilCloudTrail = '2027-03-01';

export const exceptions: readonly Exception[] = [
  // Wildcards: the same list as lib/compliance/wildcards.ts, as AWS's pack sees it.
  wildcard('arn:aws:logs:{region}:{account}:log-group:/strongroom/{stage}/{zone}/{function}:*', {
    at: '{stack}/{function}-role',
    reason: 'The streams of the function’s own log group: Lambda names them as it starts instances.',
  }),
  wildcard('arn:aws:dynamodb:{region}:{account}:table/{table}/stream/*', {
    at: '{stack}/{function}-role',
    reason: 'ListStreams applies to all streams of a table, never to one; it reads no record.',
  }),
  wildcard('arn:aws:ec2:{region}:{account}:*/*', {
    at: '{stack}/{function}-role',
    profile: 'production',
    reason: 'Lambda attaches the function to its VPC under its role; the function’s own code is denied it.',
  }),
  wildcard('*', {
    at: '{stack}/{function}-role',
    profile: 'production',
    reason:
      'EC2 has no finer resource for describing subnets and network interfaces; the function’s own code is denied it.',
  }),
  wildcard(`${failedRecords}/*`, {
    at: '{stack}/{function}-role',
    reason: 'Lambda names the objects in which it stores records that the function could not process.',
  }),
  wildcard('*', {
    at: 'account/gateway-logs-role',
    reason:
      'The account’s setting for API Gateway’s logs: API Gateway refuses a role with less than its documented policy.',
  }),
  wildcard('arn:aws:lambda:{region}:{account}:function:strongroom-{stage}-{zone}-{function}:*', {
    at: 'functions/deployments-role',
    profile: 'production',
    reason: 'CodeDeploy asks whether a version is ready, and Lambda numbers the versions.',
  }),
  wildcard('arn:aws:cloudwatch:{region}:{account}:alarm:*', {
    at: 'functions/deployments-role',
    profile: 'production',
    reason: 'DescribeAlarms is asked of all alarms of a region, whichever it names; it reads their state.',
  }),
  except([nist, hipaa], 'IAMNoInlinePolicy', {
    at: '{stack}/{role}-role',
    reason: inlinePolicy,
  }),
  wildcard('arn:aws:dynamodb:{region}:{account}:table/awsbackup-restore-test-*', {
    at: 'recovery/restore-test-role',
    locked: true,
    reason: 'AWS Backup names the tables that it restores as a test, each anew; it may touch no other table.',
  }),
  except([nist, hipaa], 'IAMNoInlinePolicy', {
    at: 'recovery/{role}-role',
    locked: true,
    reason: inlinePolicy,
  }),
  except([serverless], 'EventBusDLQ', {
    at: 'recovery/record-{role}',
    locked: true,
    reason:
      'A log group takes what comes, and AWS Backup itself sends as best it can: an alarm on days without a backup finds what was lost.',
  }),
  except([nist, hipaa], 'IAMNoInlinePolicy', {
    at: 'account/gateway-logs-role',
    reason: inlinePolicy,
  }),
  except([nist, hipaa], 'IAMNoInlinePolicy', {
    at: 'network/flow-logs-role',
    profile: 'production',
    reason: inlinePolicy,
  }),

  except([serverless], 'LambdaStarPermissions', {
    at: '{stack}/{function}-role',
    profile: 'production',
    reason: 'The wildcards of lib/compliance/wildcards.ts, each with its reason; any other fails our own rule.',
  }),

  // The network.
  except([nist, hipaa], 'VPCDefaultSecurityGroupClosed', {
    at: 'network/vpc',
    profile: 'production',
    reason:
      'CloudFormation cannot empty it; CDK would add a function that may change security groups. Nothing is put into it: our rules name every group that is used.',
  }),
  except([nist, hipaa], 'VPCNoUnrestrictedRouteToIGW', {
    at: 'network/vpc/publicSubnet{number}/DefaultRoute',
    profile: 'production',
    reason: 'Public subnets hold NAT gateways alone, which must reach processors anywhere; no function runs there.',
  }),
  except([nist, hipaa], 'LambdaInsideVPC', {
    at: '{stack}/{function}',
    profile: 'sandbox',
    reason:
      'A sandbox has no VPC, and NET-1 does not hold there: what a function may do is bounded by its role, as in production.',
  }),

  // Alarms.
  except([nist, hipaa], 'CloudWatchAlarmAction', {
    at: 'watch/{part}',
    reason: 'A part of a composite alarm: the composite alone notifies the operators, once.',
  }),
  except([serverless], 'SNSRedrivePolicy', {
    at: 'watch/mailbox',
    reason: 'A queue that nobody reads would not help an alarm that reached nobody; the alarm’s state stays visible.',
  }),

  // Queues.
  except([serverless], 'SQSRedrivePolicy', {
    at: 'relay/{queue}-dead-letters',
    reason: 'It holds dead letters itself, for 14 days and with an alarm: there is no further queue.',
  }),
  except([serverless], 'LambdaEventSourceMappingDestination', {
    at: '{stack}/{function}-from-{queue}',
    reason:
      'Lambda has no such destination for a queue, whose own redrive policy moves messages that failed too often.',
  }),

  // Functions.
  except([serverless], 'LambdaAsyncFailureDestination', {
    at: '{stack}/{function}-starts',
    reason: 'A failed start is not stored: the next one, a period later, does the same work, and an alarm goes off.',
  }),
  except([nist, hipaa], 'LambdaConcurrency', {
    at: '{stack}/{function}',
    reason: 'A reservation reduces what all other functions may use: only functions whose rows ask for one have it.',
  }),
  except([nist, hipaa, serverless], 'LambdaDLQ', {
    at: '{stack}/{function}',
    reason:
      'Nothing but schedules invokes asynchronously, and the next run does the same work: routes wait for the answer, and streams and queues store what failed by their own means.',
  }),
  except([serverless], 'LambdaTracing', {
    at: '{stack}/{function}',
    reason: 'Traces would hold keys of rows and paths outside the zone’s own logs; one request id joins all log lines.',
  }),

  // What finds the streams of replicas for CloudFormation, in second regions.
  except([nist, hipaa], 'IAMNoInlinePolicy', {
    at: 'data/stream-finder-role',
    secondRegion: true,
    reason: inlinePolicy,
  }),
  except([nist, hipaa], 'LambdaInsideVPC', {
    at: 'data/stream-finder',
    secondRegion: true,
    reason:
      'It works at deployment alone, holds no data and must reach the address where CloudFormation waits; the zone’s network would need a way out to S3 for it.',
  }),
  except([nist, hipaa], 'LambdaConcurrency', {
    at: 'data/stream-finder',
    secondRegion: true,
    reason: 'CloudFormation alone calls it, once for each table and deployment.',
  }),
  except([nist, hipaa, serverless], 'LambdaDLQ', {
    at: 'data/stream-finder',
    secondRegion: true,
    reason: 'CloudFormation waits for its answer for five minutes, and fails the deployment without one.',
  }),
  except([serverless], 'LambdaTracing', {
    at: 'data/stream-finder',
    secondRegion: true,
    reason: 'It works at deployment alone; its log says what it found.',
  }),

  // The API.
  except([aws], 'APIG2', {
    at: 'api/api',
    reason: 'Bodies are validated once, in the pipeline, so that errors carry JSON pointers and refusals are audited.',
  }),
  except([aws], 'APIG3', {
    at: 'api/api/DeploymentStage.api',
    profile: 'sandbox',
    reason:
      'A sandbox has no web ACL, and NET-2 does not hold there: its throttle bounds what all callers together may ask of each method.',
  }),
  except([nist], 'APIGWAssociatedWithWAF', {
    at: 'api/api/DeploymentStage.api',
    profile: 'sandbox',
    reason:
      'A sandbox has no web ACL, and NET-2 does not hold there: its throttle bounds what all callers together may ask of each method.',
  }),
  except([aws], 'APIG6', {
    at: 'api/api/DeploymentStage.api',
    reason:
      'Execution logs hold headers and bodies, which must not be logged; the access log and our own logs hold the rest.',
  }),
  except([nist, hipaa], 'APIGWExecutionLoggingEnabled', {
    at: 'api/api/DeploymentStage.api',
    reason:
      'Execution logs hold headers and bodies, which must not be logged; the access log and our own logs hold the rest.',
  }),
  except([nist, hipaa], 'APIGWCacheEnabledAndEncrypted', {
    at: 'api/api/DeploymentStage.api',
    reason: 'Nothing is cached: an answer belongs to one caller at one moment.',
  }),
  except([nist, hipaa], 'APIGWSSLEnabled', {
    at: 'api/api/DeploymentStage.api',
    reason: 'A client certificate identifies the gateway to a server; this API invokes functions, under IAM.',
  }),
  except([hipaa, serverless], 'APIGWXrayEnabled', {
    at: 'api/api/DeploymentStage.api',
    reason: 'Traces would hold paths outside the zone’s own logs; one request id joins all log lines.',
  }),
  except([aws], 'COG4', {
    at: 'api/api/Default/{route}',
    reason:
      'Callers are machines with API keys, which our own authorizer checks; processors sign their requests; public pages need no credential.',
  }),
  except([aws], 'APIG4', {
    at: 'api/api/Default/{page}/GET',
    reason: 'A public page of contract/docs/pages.ts: documentation, served by a function that may do nothing else.',
  }),
  except([aws], 'APIG4', {
    at: 'api/api/Default/{route}/ANY',
    reason:
      'Methods that a path does not take: answered 405 by the function of the public pages, which may do nothing else.',
  }),
  except([aws], 'APIG4', {
    at: 'api/api/Default/{ingress}',
    reason:
      'Processors have no key of ours: its function verifies their signature over the raw bytes before it reads any, and the route has bounds of its own.',
  }),

  // Keys and storage.
  except([aws], 'SMG4', {
    at: 'secrets/secret-{secret}',
    reason:
      'It rotates: its schedule is in the stack of its function, which the pack does not read; our rule Strongroom-SEC3 does.',
  }),
  except([nist, hipaa], 'SecretsManagerRotationEnabled', {
    at: 'secrets/secret-{secret}',
    reason:
      'It rotates: its schedule is in the stack of its function, which the pack does not read; our rule Strongroom-SEC3 does.',
  }),
  except([nist, hipaa], 'S3BucketReplicationEnabled', {
    at: 'relay/failed-stream-records',
    reason:
      'Failed records wait here to be processed again: the tables that they came from are their source, and recoverable.',
  }),
  except([nist, hipaa], 'S3BucketLoggingEnabled', {
    at: 'relay/failed-stream-records',
    reason: 'Server access logs name no principal. CloudTrail data events, which do, are not built yet.',
    expires: untilCloudTrail,
  }),
  except([aws], 'S1', {
    at: 'relay/failed-stream-records',
    reason: 'Server access logs name no principal. CloudTrail data events, which do, are not built yet.',
    expires: untilCloudTrail,
  }),
].flat();
