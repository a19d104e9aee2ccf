import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorize } from '../../local/aws/authorize.ts';
import { createKms, type KmsKey } from '../../local/aws/kms.ts';
import { createPrincipals } from '../../local/aws/principals.ts';
import { createSecretsManager } from '../../local/aws/secrets_manager.ts';
import { createAwsEndpoint } from '../../local/aws/server.ts';
import { listen } from '../../local/ports.ts';

const key = (id: string): KmsKey => ({
  arn: `arn:aws:kms:us-east-1:000000000000:key/${id}`,
  id,
  aliases: [`alias/${id}`],
  material: randomBytes(32),
});
const secret = {
  arn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:peppers-abc123',
  name: 'peppers',
  versionId: 'v',
  value: '{"current":"1"}',
  createdAt: 1,
};
const principals = createPrincipals();
const [one, two] = [key('one'), key('two')];
const { server, open } = createAwsEndpoint({ principals, authorize, complain: (text) => console.error(text) });
const admit = (region: string) =>
  principals.admit({
    kind: 'function',
    arn: 'arn:aws:sts::0:assumed-role/r/f',
    roleArn: '',
    functionName: 'f',
    region,
  });
const mine = admit('us-east-1');
let options: { endpoint: string; region: string; maxAttempts: number };
let kms: KMSClient;

beforeAll(async () => {
  open('us-east-1', { kms: createKms([one, two]), secretsmanager: createSecretsManager([secret]) });
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

test('an operation that is not run is named', async () => {
  const refused = kms.send(new ListKeysCommand({}));
  await expect(refused).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('ListKeys'),
  });
});

test('credentials that nobody was given are nobody', async () => {
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

test('secrets answer to ARN and name, and to nothing else', async () => {
  const client = new SecretsManagerClient({ ...options, credentials: mine });
  for (const SecretId of [secret.arn, secret.name]) {
    expect((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe(secret.value);
  }
  const unknown = client.send(new GetSecretValueCommand({ SecretId: 'pepper' }));
  await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
