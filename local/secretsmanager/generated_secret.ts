// The secrets of a zone: those of its templates, generated once as `GenerateSecretString` asks (CloudFormation,
// AWS::SecretsManager::Secret) and stored in the state folder. A value is never printed.

import { randomInt, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import type { StateFolder } from '../storage/state.ts';
import type { Secret } from './store.ts';

const Generate = v.strictObject({
  SecretStringTemplate: v.optional(v.string()),
  GenerateStringKey: v.optional(v.string()),
  PasswordLength: v.optional(v.pipe(v.number(), v.maxValue(4096)), 32),
  ExcludeCharacters: v.optional(v.string(), ''),
  ExcludeLowercase: v.optional(v.boolean(), false),
  ExcludeUppercase: v.optional(v.boolean(), false),
  ExcludeNumbers: v.optional(v.boolean(), false),
  ExcludePunctuation: v.optional(v.boolean(), false),
  IncludeSpace: v.optional(v.boolean(), false),
  RequireEachIncludedType: v.optional(v.boolean(), true),
});
const Properties = v.object({
  Name: v.optional(v.string()),
  KmsKeyId: v.optional(v.string()),
  GenerateSecretString: Generate,
});
const StoredSecretsFile = v.record(
  v.string(),
  v.object({ arn: v.string(), name: v.string(), versionId: v.string(), value: v.string(), createdAt: v.number() }),
);

const pick = (from: string): string => from[randomInt(from.length)] ?? '';

export const password = (rules: v.InferOutput<typeof Generate>): string => {
  const kinds = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !rules.ExcludeCharacters.includes(character)).join(''))
    .filter((kind) => kind !== '');
  if (kinds.length === 0) throw new UserError('A generated secret excludes every character.');
  const all = kinds.join('');
  const required = rules.RequireEachIncludedType ? kinds.map(pick) : [];
  const rest = Array.from({ length: rules.PasswordLength - required.length }, () => pick(all));
  // Fisher and Yates: otherwise the required ones would always come first.
  const characters = [...required, ...rest];
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
};

const generatedValue = (rules: v.InferOutput<typeof Generate>): string => {
  const { SecretStringTemplate: template, GenerateStringKey: key } = rules;
  if (template === undefined || key === undefined) return password(rules);
  const fields = v.parse(v.record(v.string(), v.unknown()), JSON.parse(template));
  return JSON.stringify({ ...fields, [key]: password(rules) });
};

const generate = (resource: Resource): Secret => {
  const parsed = v.safeParse(Properties, resource.properties());
  if (!parsed.success) {
    throw new UserError(
      `Secret ${resource.logicalId} of ${resource.stack.name} is not one that can be generated here.`,
    );
  }
  const arn = resource.physical.ref;
  return {
    arn,
    name: parsed.output.Name ?? arn.replace(/^.*:secret:/, '').slice(0, -7),
    versionId: randomUUID(),
    value: generatedValue(parsed.output.GenerateSecretString),
    createdAt: Math.floor(Date.now() / 1000),
  };
};

export const zoneSecrets = async (deployment: Deployment, state: StateFolder): Promise<Secret[]> => {
  const file = `secrets-${deployment.zone}.json`;
  const stored = (await state.read(file, StoredSecretsFile)) ?? {};
  const resources = deployment.of('AWS::SecretsManager::Secret');
  const secrets = resources.map((resource): Secret => {
    const { KmsKeyId } = v.parse(v.pick(Properties, ['KmsKeyId']), resource.properties());
    return { ...(stored[resource.physical.ref] ?? generate(resource)), keyArn: KmsKeyId };
  });
  if (secrets.some(({ arn }) => stored[arn] === undefined)) {
    await state.write(file, {
      ...stored,
      ...Object.fromEntries(secrets.map(({ keyArn: _, ...secret }) => [secret.arn, secret])),
    });
  }
  return secrets;
};
