// Every resource with a wildcard that a role may name, and why AWS has nothing finer. Any other wildcard in a role's policy
// fails the synthesis.

interface Wildcard {
  /** Name of the role's construct. */
  readonly role: RegExp;
  readonly resource: RegExp;
  /** All that may be done to it. */
  readonly actions: readonly RegExp[];
  readonly reason: string;
}

const functionRole = /^(functions|api)\/[a-z_]+-role$/;

export const wildcards: readonly Wildcard[] = [
  {
    role: functionRole,
    resource: /^arn:aws:logs:[a-z0-9-]+:<account>:log-group:\/strongroom\/[a-z0-9]+\/[a-z]+\/[a-z_]+:\*$/,
    actions: [/^logs:(CreateLogStream|PutLogEvents)$/],
    reason: 'Lambda names the streams of a function’s log group as it starts instances.',
  },
  {
    role: functionRole,
    resource: /^arn:aws:dynamodb:[a-z0-9-]+:<account>:table\/[A-Za-z0-9_.-]+\/stream\/\*$/,
    actions: [/^dynamodb:ListStreams$/],
    reason: 'ListStreams applies to all streams of a table, never to one; it reads no record.',
  },
  {
    role: functionRole,
    resource: /^arn:aws:ec2:[a-z0-9-]+:<account>:\*\/\*$/,
    actions: [/^ec2:(CreateNetworkInterface|DeleteNetworkInterface|(Una|A)ssignPrivateIpAddresses)$/],
    reason: 'Lambda asks for it to attach a function to the VPC; the function’s own code is denied it.',
  },
  {
    role: functionRole,
    resource: /^\*$/,
    actions: [/^ec2:Describe(NetworkInterfaces|Subnets)$/],
    reason: 'EC2 has no finer resource for describing; the function’s own code is denied it.',
  },
  {
    role: functionRole,
    // By its construct, or by the name that it was given.
    resource:
      /^(relay\/failed-stream-records\.Arn|arn:aws:s3:::strongroom-[a-z0-9-]+-relay-failedstreamrecords[0-9a-f]+)\/\*$/,
    actions: [/^s3:PutObject$/],
    reason: 'Lambda names the objects that hold failed stream records.',
  },
  {
    role: /^functions\/deployments-role$/,
    resource: /^arn:aws:lambda:[a-z0-9-]+:<account>:function:strongroom-[a-z0-9]+-[a-z]+-[a-z_]+:\*$/,
    actions: [/^lambda:GetProvisionedConcurrencyConfig$/],
    reason:
      'Lambda numbers the versions of a function; CodeDeploy asks whether a new one is ready, and we have nothing provisioned.',
  },
  {
    role: /^functions\/deployments-role$/,
    resource: /^arn:aws:cloudwatch:[a-z0-9-]+:<account>:alarm:\*$/,
    actions: [/^cloudwatch:DescribeAlarms$/],
    reason: 'DescribeAlarms is asked of all alarms of a region, whichever it names; it reads their state.',
  },
  {
    role: /^recovery\/restore-test-role$/,
    resource: /^arn:aws:dynamodb:[a-z0-9-]+:<account>:table\/awsbackup-restore-test-\*$/,
    actions: [
      /^dynamodb:(BatchWrite|Delete|Get|Put|Update)Item$/,
      /^dynamodb:(DescribeTable|Query|RestoreTableFromAwsBackup|Scan)$/,
    ],
    reason: 'AWS Backup names the tables that it restores as a test, each anew, and deletes them.',
  },
  {
    role: /^account\/gateway-logs-role$/,
    resource: /^\*$/,
    actions: [/^logs:(Create|Describe|Put|Get|Filter)Log(Group|Groups|Stream|Streams|Events)$/],
    reason: 'The setting is the account’s: API Gateway refuses a role with less than its documented policy.',
  },
];

/** Why the role may do this to a resource with a wildcard, or nothing. */
export const wildcardReason = (role: string, resource: string, actions: readonly string[]): string | undefined =>
  wildcards.find(
    (row) =>
      row.role.test(role) &&
      row.resource.test(resource) &&
      actions.every((action) => row.actions.some((allowed) => allowed.test(action))),
  )?.reason;
