// Every rule that we break on purpose, and why. A row without reason, owner, approver and expiry does not compile; a row
// that has expired, or that matches nothing, fails the build (promise HST-2).

export interface Exception {
  /** Pack and rule as cdk-nag reports them; `{…}` stands for what differs between zones (lib/compliance/checks.ts). */
  readonly id: string;
  /** Path of the construct inside a zone; it covers what lies below. */
  readonly at: string;
  readonly reason: string;
  /** Who must end it. */
  readonly owner: 'platform' | 'security';
  readonly approver: 'security';
  /** RFC 3339 full-date: the first day on which it no longer counts. */
  readonly expires: string;
}

export const exceptions: readonly Exception[] = [
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:logs:{region}:{account}:log-group:/strongroom/{stage}/{zone}/{function}:*]',
    at: 'api/{function}-role',
    reason: 'The streams of the function’s own log group: Lambda names them as it starts instances.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:dynamodb:{region}:{account}:table/{tenants}/stream/*]',
    at: 'api/relay-role',
    reason: 'ListStreams is asked of a table’s streams, never of one; it reads no record.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:dynamodb:{region}:{account}:table/{payments}/stream/*]',
    at: 'api/relay-role',
    reason: 'ListStreams is asked of a table’s streams, never of one; it reads no record.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    at: 'api/gateway-logs-role',
    reason:
      'The account’s setting for API Gateway’s logs: API Gateway refuses a role with less than its documented policy.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-APIG2',
    at: 'api/api',
    reason: 'Bodies are validated once, in the pipeline, so that errors carry JSON pointers and refusals are audited.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-APIG3',
    at: 'api/api',
    reason: 'The web ACL comes with the edge stack, which is not built yet.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-03-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-APIG6',
    at: 'api/api',
    reason: 'Execution logs hold headers and bodies, which must not be logged; the access log and ours hold the rest.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-COG4',
    at: 'api/api',
    reason: 'Callers are machines with API keys: every method has our own authorizer.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-11-01',
  },
  {
    id: 'AwsSolutions::AwsSolutions-SMG4',
    at: 'keys/secret-{secret}',
    reason: 'Rotation adds a version beside the old ones, which needs a rotation function of ours, not built yet.',
    owner: 'platform',
    approver: 'security',
    expires: '2027-03-01',
  },
];
