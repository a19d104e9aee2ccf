// The operations of Secrets Manager on the secrets that it holds (API reference, read 2026-11). Closed: what is not here is
// not run, and an input that is not understood is refused.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { unknownOperation } from '../endpoint/service.ts';
import { type HeldSecret, stages, type Version } from './store.ts';

const SecretId = v.string();
const Token = v.pipe(v.string(), v.minLength(32), v.maxLength(64));
const secretBytes = 65_536;

const inputs = {
  GetSecretValue: v.object({ SecretId, VersionId: v.optional(v.string()), VersionStage: v.optional(v.string()) }),
  DescribeSecret: v.object({ SecretId }),
  PutSecretValue: v.strictObject({
    SecretId,
    ClientRequestToken: Token,
    SecretString: v.pipe(v.string(), v.minBytes(1), v.maxBytes(secretBytes)),
    VersionStages: v.optional(v.pipe(v.array(v.string()), v.minLength(1)), [stages.current]),
  }),
  UpdateSecretVersionStage: v.strictObject({
    SecretId,
    VersionStage: v.string(),
    RemoveFromVersionId: v.optional(v.string()),
    MoveToVersionId: v.optional(v.string()),
  }),
  // The schedule is the template's.
  RotateSecret: v.strictObject({ SecretId, ClientRequestToken: Token, RotateImmediately: v.optional(v.literal(true)) }),
} as const;

type Operation = keyof typeof inputs;
type Input<Name extends Operation> = v.InferOutput<(typeof inputs)[Name]>;

export const isOperation = (name: string): name is Operation => Object.hasOwn(inputs, name);

export const isChange = (name: Operation): boolean => name !== 'GetSecretValue' && name !== 'DescribeSecret';

const missing = (what: string) =>
  new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}.`);

export const secretIn = (secrets: readonly HeldSecret[], input: unknown): HeldSecret => {
  const parsed = v.safeParse(v.object({ SecretId }), input);
  const named = parsed.success ? parsed.output.SecretId : '';
  const found = secrets.find(
    ({ secret: { arn, name } }) => arn === named || name === named || arn.slice(0, -7) === named,
  );
  if (found === undefined) throw missing('secret');
  return found;
};

/** The version that is read, whether it has a value or not. */
export const versionRead = (
  held: HeldSecret,
  { VersionId, VersionStage }: Omit<Input<'GetSecretValue'>, 'SecretId'>,
) => {
  const found = VersionId === undefined ? held.at(VersionStage ?? stages.current) : held.of(VersionId);
  if (found === undefined || (VersionStage !== undefined && !found.stages.includes(VersionStage)))
    throw missing('secret value');
  return found;
};

const named = ({ secret: { arn, name } }: HeldSecret) => ({ ARN: arn, Name: name });
const whole = (held: HeldSecret, { id, stages: VersionStages }: Version) => ({
  ...named(held),
  VersionId: id,
  VersionStages,
});

const answers: { readonly [Name in Operation]: (held: HeldSecret, input: Input<Name>) => object } = {
  GetSecretValue(held, input) {
    const version = versionRead(held, input);
    if (version.value === undefined) throw missing('secret value');
    return { ...whole(held, version), SecretString: version.value, CreatedDate: version.createdAt };
  },
  DescribeSecret(held) {
    const { secret, schedule, history, dueAt, primary } = held;
    return {
      ...named(held),
      ...(primary && { PrimaryRegion: primary.secret.arn.split(':')[3] }),
      ...(secret.keyArn && { KmsKeyId: secret.keyArn }),
      CreatedDate: secret.createdAt,
      LastChangedDate: history.changedAt,
      ...(history.rotatedAt !== undefined && { LastRotatedDate: history.rotatedAt }),
      ...(schedule && {
        RotationEnabled: true,
        RotationLambdaARN: schedule.functionArn,
        RotationRules: { AutomaticallyAfterDays: schedule.days },
        NextRotationDate: dueAt,
      }),
      VersionIdsToStages: Object.fromEntries(
        history.versions.filter((each) => each.stages.length > 0).map((each) => [each.id, each.stages]),
      ),
    };
  },
  PutSecretValue: (held, { ClientRequestToken, SecretString, VersionStages }) =>
    whole(held, held.put(ClientRequestToken, SecretString, VersionStages)),
  UpdateSecretVersionStage(held, { VersionStage, RemoveFromVersionId, MoveToVersionId }) {
    held.move(VersionStage, RemoveFromVersionId, MoveToVersionId);
    return named(held);
  },
  RotateSecret(held, { ClientRequestToken }) {
    held.begin(ClientRequestToken);
    return { ...named(held), VersionId: ClientRequestToken };
  },
};

const call = <Name extends Operation>(name: Name, held: HeldSecret, input: unknown): object => {
  const parsed = v.safeParse(inputs[name], input);
  if (parsed.success) return answers[name](held, parsed.output as Input<Name>);
  const [issue] = parsed.issues;
  throw new AwsError('InvalidParameterException', `${v.getDotPath(issue) ?? 'The input'}: ${issue.message}`);
};

/** Times are seconds since 1970, as the wire has them. */
export const callSecrets = (secrets: readonly HeldSecret[], operation: string, input: unknown): object => {
  if (!isOperation(operation)) throw unknownOperation('secretsmanager', operation);
  const held = secretIn(secrets, input);
  if (held.primary !== undefined && isChange(operation))
    throw new AwsError(
      'InvalidRequestException',
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    );
  return call(operation, held, input);
};
