// Requests that lie around a policy's statements: those that it allows, those that miss a condition by one key, and those
// of other resources. They are made from the synthesized policies themselves, so that a new statement brings its cases.

export interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Case {
  readonly action: string;
  readonly resource: string;
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

export const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** An ARN that the pattern matches; for `*`, one of the kind that the action is about. */
const resourceOf = (pattern: string, action: string): string => {
  if (pattern !== '*')
    return pattern
      .replace('ec2:us-east-1:000000000000:*/*', 'ec2:us-east-1:000000000000:network-interface/eni-0')
      .replaceAll('*', 'x');
  if (/^ec2:Describe|^logs:DescribeLogGroups$/.test(action)) return '*';
  if (action.startsWith('logs:')) return 'arn:aws:logs:us-east-1:000000000000:log-group:/g';
  return action.startsWith('ec2:')
    ? 'arn:aws:ec2:us-east-1:000000000000:network-interface/eni-0'
    : 'arn:aws:kms:us-east-1:000000000000:key/x';
};

/** Keys under which every condition of the statement holds. */
const satisfying = ({ Condition = {} }: Statement): Record<string, readonly string[]> => {
  const keys: Record<string, readonly string[]> = {};
  for (const [operator, block] of Object.entries(Condition)) {
    for (const [name, given] of Object.entries(block)) {
      const values = listOf(given).map((value) => String(value).replaceAll('*', 'x'));
      if (operator === 'Null') keys[name] ??= ['pk'];
      else keys[name] = operator.startsWith('For') ? values : values.slice(0, 1);
    }
  }
  return keys;
};

const wrong = (values: readonly string[]): readonly string[] =>
  values.map((value) => {
    if (value === 'true' || value === 'false') return value === 'true' ? 'false' : 'true';
    return value.startsWith('arn:') ? `${value}-other` : `other-${value}`;
  });

/** The statement's own requests: all keys, each key missing, wrong, and (where it holds several) partly wrong. */
const variants = (keys: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>>[] => [
  keys,
  ...Object.entries(keys).flatMap(([name, values]) => {
    const { [name]: _, ...others } = keys;
    return [
      others,
      { ...others, [name]: wrong(values) },
      ...(values.length > 1
        ? [
            { ...others, [name]: values.slice(1) },
            { ...others, [name]: [...values, 'other'] },
          ]
        : []),
    ];
  }),
  {},
];

/** `thorough`: with everything that comes close to being allowed. */
export const casesOf = (statement: Statement, thorough: boolean): Case[] =>
  listOf(statement.Action).flatMap((pattern) => {
    const action = pattern.replace('s3:*', 's3:PutObject');
    return listOf(statement.Resource).flatMap((each) => {
      const resource = resourceOf(each, action);
      const keys = satisfying(statement);
      if (!thorough) return [{ action, resource, keys }];
      const near = resource === '*' || action === 'apigateway:GET' ? [] : [{ action, resource: `${resource}x`, keys }];
      return [...variants(keys).map((variant) => ({ action, resource, keys: variant })), ...near];
    });
  });
