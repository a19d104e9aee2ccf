// Who is let in by the policies of resources: principals of this account, and services of AWS that act for it. A role's trust has a
// rule of its own (roles.ts). It reads every policy that lies anywhere in a resource, under whatever property.

import { isAnybody } from '../policies.ts';
import { type Json, listed, type Rule } from '../rule.ts';

/** The zone's own account, as templates are read (lib/evidence/plain.ts). */
const own = '<account>';

/** Types that may hold a policy with principals. One that no rule reads fails the synthesis anyway. */
const types = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::EC2::VPCEndpoint',
  'AWS::Events::EventBus',
  'AWS::Events::EventBusPolicy',
  'AWS::ApiGateway::RestApi',
  'AWS::KMS::Key',
  'AWS::KMS::ReplicaKey',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::Secret',
] as const;

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Statements that name principals, wherever they lie; policies may be JSON in a text. */
function* statementsIn(value: Json): Generator<Json> {
  if (typeof value === 'string') {
    if (value.startsWith('{')) yield* statementsIn(parsed(value));
  } else if (typeof value === 'object' && value !== null) {
    if (value.Principal !== undefined || value.NotPrincipal !== undefined) yield value;
    else for (const each of Object.values(value)) yield* statementsIn(each);
  }
}

const ofAccount = (arn: Json): boolean =>
  typeof arn === 'string' && (arn === own || new RegExp(`^arn:aws:(iam|sts)::${own}:`).test(arn));

/** A condition that only what acts for this account meets. Whatever else it names narrows it further. */
const isForAccount = (condition: Json, keys: readonly string[]): boolean =>
  Object.entries((condition ?? {}) as Record<string, Record<string, Json>>).some(
    ([operator, each]) =>
      /^(String|Arn)(Equals|Like)$/.test(operator) &&
      Object.entries(each).some(
        ([key, values]) =>
          keys.includes(key) &&
          listed(values).length > 0 &&
          listed(values).every((one) => one === own || String(one).split(':')[4] === own),
      ),
  );

const callerKeys = ['aws:PrincipalAccount'];
const sourceKeys = ['aws:SourceAccount', 'aws:SourceArn', 'kms:EncryptionContext:aws:logs:arn'];

/** An empty stream of a log group: EventBridge makes one before it can say for which rule. */
const isEmptyStream = (action: Json, principal: Json): boolean =>
  action === 'logs:CreateLogStream' &&
  listed(principal?.Service).every((each) => ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].includes(each));

function faultsOf({ Effect, Sid, Principal, NotPrincipal, Condition, Action }: Json): readonly string[] {
  if (Effect === 'Deny') return [];
  const at = Sid ?? 'a statement';
  if (NotPrincipal !== undefined) return [`${at} lets in everybody but those it names`];
  if (isAnybody(Principal)) return isForAccount(Condition, callerKeys) ? [] : [`${at} is open to anybody`];
  if (typeof Principal !== 'object' || Principal === null) return [`${at} lets ${Principal} in`];
  return Object.entries(Principal as Record<string, Json>).flatMap(([kind, who]) => {
    switch (kind) {
      case 'AWS':
        return listed(who)
          .filter((each) => !ofAccount(each))
          .map((each) => `${at} lets ${each} in`);
      case 'Service':
        return isForAccount(Condition, sourceKeys) || isEmptyStream(Action, Principal)
          ? []
          : [`${at} lets ${who} in for any account`];
      default:
        return [`${at} lets ${kind} principals in`];
    }
  });
}

export const principals: readonly Rule[] = [
  {
    id: 'Strongroom-POL1',
    types,
    promises: ['HST-1', 'NET-1', 'ENC-1'],
    statement:
      'The policy of a resource lets in principals of its own account and services of AWS that act for that account, and nobody of another account or organization.',
    check: ({ p }) => [...statementsIn(p)].flatMap(faultsOf),
  },
];
