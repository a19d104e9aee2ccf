import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { listen } from '../../local/host/ports.ts';
import { createAuthority } from '../../local/iam/authorize.ts';
import { readPolicies } from '../../local/iam/policies.ts';
import { createPrincipals } from '../../local/iam/principals.ts';
import { heldKeys, type KmsKey, newMaterial } from '../../local/kms/keys.ts';
import { createKms } from '../../local/kms/kms.ts';
import { createSecretsManager } from '../../local/secretsmanager/secrets_manager.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const key = (id: string): KmsKey => ({
  arn: `arn:aws:kms:us-east-1:000000000000:key/${id}`,
  id,
  aliases: [`alias/${id}`],
  materials: [newMaterial()],
});
const secret = {
  arn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:peppers-abc123',
  name: 'peppers',
  versionId: 'v',
  value: '{"current":"1"}',
  createdAt: 1,
};
const sealed = { ...secret, arn: secret.arn.replace('peppers', 'sealed'), name: 'sealed', keyArn: '' };
const principals = createPrincipals();
const [one, two] = [key('one'), key('two')];
const stored: (readonly KmsKey[])[] = [];
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const roleArn = 'arn:aws:iam::000000000000:role/r';
const secretsKey = 'arn:aws:kms:us-east-1:000000000000:key/mrk-1';
/** A role that may do everything but open the key of the second secret. */
const policies = readPolicies(
  deploy(
    zoneOf(
      stack('s', {
        Role: resource('AWS::IAM::Role', {
          RoleName: 'r',
          AssumeRolePolicyDocument: document(),
          Policies: [
            {
              PolicyName: 'all',
              PolicyDocument: document({
                Effect: 'Allow',
                Action: ['kms:*', 'secretsmanager:*'],
                Resource: 'arn:aws:*:us-east-1:*:*',
              }),
            },
          ],
        }),
      }),
    ),
    {},
  ),
);
/** The keys of this test are no resources of a template: their policies leave it to IAM. */
const delegating: typeof policies = {
  refusal: (actor, access) =>
    access.resource.startsWith('arn:aws:kms:us-east-1:') && access.resource !== secretsKey
      ? undefined
      : policies.refusal(actor, access),
};
sealed.keyArn = secretsKey;
const refusals: string[] = [];
const { authorize, govern } = createAuthority({ refused: (_, message) => refusals.push(message) });
for (const region of ['us-east-1', 'eu-west-1']) govern(region, region === 'us-east-1' ? delegating : policies);
const { server, open } = createAwsEndpoint({ principals, authorize, warn: (text) => console.error(text) });
const admit = (region: string) =>
  principals.admit({
    kind: 'function',
    arn: 'arn:aws:sts::0:assumed-role/r/f',
    roleArn: region === 'us-east-1' ? roleArn : 'arn:aws:iam::000000000000:role/of-another-zone',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    region,
    inVpc: false,
  });
const mine = admit('us-east-1');
let options: { endpoint: string; region: string; maxAttempts: number };
let kms: KMSClient;

beforeAll(async () => {
  open('us-east-1', {
    kms: createKms(heldKeys([one, two], async (keys) => void stored.push(keys))),
    secretsmanager: createSecretsManager([secret, sealed]),
  });
  const endpoint = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
  options = { endpoint, region: 'us-east-1', maxAttempts: 1 };
  kms = new KMSClient({ ...options, credentials: mine });
});
afterAll(() => server.closeAllConnections());

const context = { tenant: 't', purpose: 'record' };

test('a data key opens under the encryption context that sealed it, in any order', async () => {
  const made = await kms.send(
    new GenerateDataKeyCommand({ KeyId: one.arn, KeySpec: 'AES_256', EncryptionContext: context }),
  );
  expect(made.Plaintext).toHaveLength(32);
  const EncryptionContext = { purpose: 'record', tenant: 't' };
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext }));
  expect(opened.Plaintext).toEqual(made.Plaintext);
  expect(opened.KeyId).toBe(one.arn);
});

test.each([
  ['another value', { tenant: 'u', purpose: 'record' }],
  ['a pair less', { tenant: 't' }],
  ['a pair more', { ...context, extra: 'x' }],
  ['none', {}],
])('an encryption context with %s does not open it', async (_, EncryptionContext) => {
  const sealed = await kms.send(
    new EncryptCommand({ KeyId: 'alias/one', Plaintext: Buffer.from('x'), EncryptionContext: context }),
  );
  const decrypt = new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext });
  await expect(kms.send(decrypt)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
});

test('a changed byte, a foreign blob and another key do not open', async () => {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'one', Plaintext: Buffer.from('x') }));
  const changed = Buffer.from(CiphertextBlob ?? []);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const invalid = { name: 'InvalidCiphertextException' };
  await expect(kms.send(new DecryptCommand({ CiphertextBlob: changed }))).rejects.toMatchObject(invalid);
  await expect(kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from('foreign') }))).rejects.toMatchObject(invalid);
  const other = new DecryptCommand({ CiphertextBlob, KeyId: two.arn });
  await expect(kms.send(other)).rejects.toMatchObject({ name: 'IncorrectKeyException' });
});

test('an unknown key is NotFoundException; a known one is described', async () => {
  const unknown = new DescribeKeyCommand({ KeyId: 'three' });
  await expect(kms.send(unknown)).rejects.toMatchObject({ name: 'NotFoundException' });
  expect((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/two' }))).KeyMetadata?.Arn).toBe(two.arn);
});

test('a rotation stores new material; older ciphertexts open, and are re-encrypted inside', async () => {
  const rotations = (more: object = {}) => kms.send(new ListKeyRotationsCommand({ KeyId: 'one', ...more }));
  const materialOf = ({ Rotations = [] }: { Rotations?: { KeyMaterialId?: string | undefined }[] | undefined }) =>
    Rotations.map(({ KeyMaterialId }) => KeyMaterialId);
  const KeyId = one.arn;
  const asked = { KeyId, KeySpec: 'AES_256', EncryptionContext: context } as const;
  const before = await kms.send(new GenerateDataKeyCommand(asked));
  expect((await rotations()).Rotations).toEqual([]);
  const atMs = Date.now();
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  expect(stored.at(-1)?.map(({ materials }) => materials.length)).toEqual([2, 1]);
  const { Rotations: [rotation] = [] } = await rotations();
  expect(rotation?.RotationDate?.getTime()).toBeGreaterThanOrEqual(atMs);
  expect(rotation).toMatchObject({ KeyId, KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND' });
  const [first, second] = materialOf(await rotations({ IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
  expect([first, second]).toEqual([before.KeyMaterialId, rotation?.KeyMaterialId]);
  const page = await rotations({ IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 1 });
  expect([page.Truncated, materialOf(page)]).toEqual([true, [first]]);
  expect(
    materialOf(await rotations({ IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 1, Marker: page.NextMarker })),
  ).toEqual([second]);

  const open = (CiphertextBlob: Uint8Array | undefined) =>
    kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  expect(await open(before.CiphertextBlob)).toMatchObject({ Plaintext: before.Plaintext, KeyMaterialId: first });
  const move = { CiphertextBlob: before.CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId: KeyId };
  const same = { SourceEncryptionContext: context, DestinationEncryptionContext: context };
  const moved = await kms.send(new ReEncryptCommand({ ...move, ...same }));
  expect(moved).toMatchObject({ SourceKeyMaterialId: first, DestinationKeyMaterialId: second });
  expect(moved).not.toHaveProperty('Plaintext');
  expect(await open(moved.CiphertextBlob)).toMatchObject({ Plaintext: before.Plaintext, KeyMaterialId: second });
  const elsewhere = { ...same, SourceEncryptionContext: { ...context, tenant: 'u' } };
  await expect(kms.send(new ReEncryptCommand({ ...move, ...elsewhere }))).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
  const renumbered = Buffer.from(before.CiphertextBlob ?? []);
  renumbered[2 + KeyId.length + 1] = 1;
  await expect(open(renumbered)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
});

test('rotations at once are stored one after the other', async () => {
  const before = stored.length;
  await Promise.all([1, 2, 3].map(() => kms.send(new RotateKeyOnDemandCommand({ KeyId: 'two' }))));
  expect(stored.slice(before).map(([, key]) => key?.materials.length)).toEqual([2, 3, 4]);
});

test('an operation that is not run is named', async () => {
  const refused = kms.send(new ListKeysCommand({}));
  await expect(refused).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('ListKeys'),
  });
});

test('unknown credentials are refused', async () => {
  const stranger = new KMSClient({ ...options, credentials: { ...mine, accessKeyId: 'ASIASTRANGER' } });
  const refused = stranger.send(new DescribeKeyCommand({ KeyId: 'one' }));
  await expect(refused).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});

test('a function of another zone reaches nothing here', async () => {
  const foreign = new KMSClient({ ...options, credentials: admit('eu-west-1') });
  const refused = foreign.send(new DescribeKeyCommand({ KeyId: 'one' }));
  await expect(refused).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('kms:DescribeKey'),
  });
});

test('a secret whose key the caller may not open stays closed, and the refusal is reported', async () => {
  const client = new SecretsManagerClient({ ...options, credentials: mine });
  const refused = client.send(new GetSecretValueCommand({ SecretId: 'sealed' }));
  const message = `User: arn:aws:sts::0:assumed-role/r/f is not authorized to perform: kms:Decrypt on resource: ${secretsKey} because no resource-based policy allows the kms:Decrypt action`;
  await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException', message });
  expect(refusals).toContain(message);
});

test('secrets answer to ARN and name, and to nothing else', async () => {
  const client = new SecretsManagerClient({ ...options, credentials: mine });
  for (const SecretId of [secret.arn, secret.name]) {
    expect((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe(secret.value);
  }
  const unknown = client.send(new GetSecretValueCommand({ SecretId: 'pepper' }));
  await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
