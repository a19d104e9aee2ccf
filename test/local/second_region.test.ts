// What a zone's second region has of the first: replicas of tables, keys and secrets, and the tables that both share.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient, RotateKeyOnDemandCommand } from '@aws-sdk/client-kms';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Template } from '../../local/cloudformation/assembly.ts';
import { type Deployment, deploy } from '../../local/cloudformation/deployment.ts';
import { chooseEngine, type Engine, engineOf, replicatingEngine, startEngine } from '../../local/dynamodb/engine.ts';
import { knownTables, tableKey } from '../../local/dynamodb/known.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import { StrongWrites } from '../../local/dynamodb/strong_tables.ts';
import { createTable } from '../../local/dynamodb/tables.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { listen } from '../../local/host/ports.ts';
import { createPrincipals } from '../../local/iam/principals.ts';
import { replicaKeys, zoneKeys } from '../../local/kms/keys.ts';
import { createKms } from '../../local/kms/kms.ts';
import { zoneSecrets } from '../../local/secretsmanager/generated_secret.ts';
import { createSecretsManager } from '../../local/secretsmanager/secrets_manager.ts';
import { openSecrets, replicaSecrets } from '../../local/secretsmanager/stored_secrets.ts';
import { openState, type StateFolder } from '../../local/storage/state.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const [home, second] = ['us-east-1', 'us-west-2'];
const keys = [{ AttributeName: 'pk', KeyType: 'HASH' }];
const table = (more: object): Template['Resources'][string] =>
  resource('AWS::DynamoDB::GlobalTable', {
    KeySchema: keys,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    ...more,
  });
const strong = {
  TableName: 'lease',
  MultiRegionConsistency: 'STRONG',
  GlobalTableWitnesses: [{ Region: 'us-east-2' }],
  Replicas: [{ Region: home }, { Region: second }],
};
const output = (Value: unknown) => ({ Value });
const inSecond = (name: string, resources: Template['Resources'], rest: Partial<Template> = {}) => ({
  ...stack(name, resources, rest),
  region: second ?? '',
});
/** As CDK refers to what stands in another region. */
const from = (Region: string | undefined, StackName: string, OutputName: string) => ({
  'Fn::GetStackOutput': { StackName, OutputName, Region },
});
const keyArn = { 'Fn::GetAtt': ['Key', 'Arn'] };

const assembly = zoneOf(
  stack('keys', { Key: resource('AWS::KMS::Key', { MultiRegion: true }) }, { Outputs: { Arn: output(keyArn) } }),
  inSecond(
    'keys',
    {
      Key: resource('AWS::KMS::ReplicaKey', { PrimaryKeyArn: from(home, 'keys', 'Arn') }),
      Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/data', TargetKeyId: { Ref: 'Key' } }),
    },
    { Outputs: { Arn: output(keyArn) } },
  ),
  stack('data', {
    Table: table({
      TableName: 'payments',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [
        { Region: home, SSESpecification: { KMSMasterKeyId: from(home, 'keys', 'Arn') } },
        { Region: second, SSESpecification: { KMSMasterKeyId: from(second, 'keys', 'Arn') } },
      ],
    }),
    Lease: table(strong),
    Alone: table({ TableName: 'alone', Replicas: [{ Region: home }] }),
    Secret: resource('AWS::SecretsManager::Secret', {
      Name: 'peppers',
      GenerateSecretString: {},
      ReplicaRegions: [{ Region: second, KmsKeyId: from(second, 'keys', 'Arn') }],
    }),
    Unread: resource('AWS::SecretsManager::Secret', { Name: 'unread', GenerateSecretString: {} }),
  }),
);
const at = (region: string | undefined): Deployment => deploy(assembly, {}, undefined, region);

let folder: string;
let state: StateFolder;
let engines: Engine[];
let reachable = true;
const principals = createPrincipals();
const aws = createAwsEndpoint({ principals, authorize: () => {}, warn: (text) => console.error(text) });
const clients = new Map<
  string | undefined,
  { kms: KMSClient; secrets: SecretsManagerClient; tables: DynamoDBClient }
>();
const of = (region: string | undefined) => {
  const found = clients.get(region);
  if (found === undefined) throw new Error(`there are no clients of ${region}`);
  return found;
};
const writes = new StrongWrites();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'second-region-'));
  state = await openState(folder);
  const deployments = [at(home), at(second)];
  const primary = await zoneKeys(at(home), state);
  const held = await openSecrets(at(home), await zoneSecrets(at(home), state), state);
  engines = await Promise.all(
    ['shared', ...deployments.map(({ region }) => region)].map((name) =>
      startEngine(name, home ?? '', state, chooseEngine('memory')),
    ),
  );
  const port = await listen(aws.server, { what: 'the test' });
  for (const [index, deployment] of deployments.entries()) {
    const { region } = deployment;
    for (const each of deployment.of('AWS::DynamoDB::GlobalTable')) {
      const engine = engines[each.physical.ref === 'lease' ? 0 : index + 1];
      if (engine !== undefined) await createTable(engine.client, each);
    }
    aws.open(region, {
      kms: createKms(index === 0 ? primary : replicaKeys(deployment, primary)),
      secretsmanager: createSecretsManager((index === 0 ? held : replicaSecrets(deployment, held)).held),
      dynamodb: createDynamoDb({
        enginePort: engines[index + 1]?.port ?? 0,
        account: deployment.account,
        tables: knownTables(deployment),
        onWrite: () => {},
        strong: { enginePort: engines[0]?.port ?? 0, writes, isReachable: () => index === 0 || reachable },
      }),
    });
    const credentials = principals.admit({ kind: 'deployer', arn: 'arn:aws:iam::000000000000:role/local-deployer' });
    const options = { region, credentials, endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 };
    clients.set(region, {
      kms: new KMSClient(options),
      secrets: new SecretsManagerClient(options),
      tables: new DynamoDBClient(options),
    });
  }
});
afterAll(async () => {
  aws.server.closeAllConnections();
  aws.server.close();
  await Promise.all(engines.map((engine) => engine.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('the resources of the second region', () => {
  it('are its own, and the replicas that the first one declares in it', () => {
    const names = (region: string | undefined, type: string) =>
      at(region)
        .of(type)
        .map(({ physical }) => physical.ref);
    expect(names(second, 'AWS::DynamoDB::GlobalTable')).toEqual(['payments', 'lease']);
    expect(names(home, 'AWS::DynamoDB::GlobalTable')).toEqual(['payments', 'lease', 'alone']);
    expect(names(second, 'AWS::KMS::Key')).toEqual([]);
    const [secret, ...others] = names(second, 'AWS::SecretsManager::Secret');
    expect(others).toEqual([]);
    expect(secret).toMatch(/^arn:aws:secretsmanager:us-west-2:000000000000:secret:peppers-[0-9a-f]{6}$/);
    expect(names(home, 'AWS::SecretsManager::Secret')).toContain(secret?.replace('us-west-2', 'us-east-1'));
  });

  it('have that region in their ARNs, and its key', () => {
    const [payments] = at(second).of('AWS::DynamoDB::GlobalTable');
    expect(payments?.physical.attributes.StreamArn).toMatch(
      /^arn:aws:dynamodb:us-west-2:000000000000:table\/payments\/stream\//,
    );
    const [key] = at(second).of('AWS::KMS::ReplicaKey');
    expect(payments && tableKey(payments)).toBe(key?.physical.attributes.Arn);
    expect(key?.physical.attributes.Arn).toMatch(/^arn:aws:kms:us-west-2:000000000000:key\/mrk-/);
  });
});

it('a state folder that was made with one region is not begun again with two, and the other way round it goes on', () => {
  const made = (...files: string[]): StateFolder => ({
    ...state,
    file: (name) => (files.includes(name) ? folder : `${folder}/none`),
  });
  expect(() => replicatingEngine('us', made('dynamodb-us.db'))).toThrow(/was made with one region of zone us/);
  expect(replicatingEngine('us', made()).name).toBe(chooseEngine('memory').name);
  expect(engineOf('us', made('dynamodb-memory-us.journal')).name).toBe(chooseEngine('memory').name);
  expect(engineOf('us', made('dynamodb-us.db')).name).toBe(chooseEngine().name);
});

describe('a replica key', () => {
  const EncryptionContext = { tenant: 't' };
  const keyOf = (region: string | undefined): string =>
    at(region).of(region === home ? 'AWS::KMS::Key' : 'AWS::KMS::ReplicaKey')[0]?.physical.attributes.Arn ?? '';
  const seal = async (region: string | undefined) => {
    const asked = { KeyId: keyOf(region), KeySpec: 'AES_256', EncryptionContext } as const;
    return of(region).kms.send(new GenerateDataKeyCommand(asked));
  };
  const opened = async (region: string | undefined, CiphertextBlob: Uint8Array | undefined, KeyId?: string) =>
    of(region).kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId }));

  it('opens what its primary sealed, and the other way round, and names itself', async () => {
    for (const [sealer, opener] of [
      [home, second],
      [second, home],
    ]) {
      const { Plaintext, CiphertextBlob } = await seal(sealer);
      const { Plaintext: found, KeyId } = await opened(opener, CiphertextBlob, keyOf(opener));
      expect([found, KeyId]).toEqual([Plaintext, keyOf(opener)]);
    }
  });

  it('is rotated with its primary alone, and opens what either sealed before and after', async () => {
    const before = await seal(second);
    const rotate = (region: string | undefined) =>
      of(region).kms.send(new RotateKeyOnDemandCommand({ KeyId: keyOf(region) }));
    await expect(rotate(second)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    await rotate(home);
    const after = await seal(second);
    expect(after.KeyMaterialId).not.toBe(before.KeyMaterialId);
    for (const { Plaintext, CiphertextBlob } of [before, after])
      expect((await opened(home, CiphertextBlob)).Plaintext).toEqual(Plaintext);
  });
});

describe('a replica of a secret', () => {
  const idIn = (region: string | undefined) => at(region).of('AWS::SecretsManager::Secret')[0]?.physical.ref;
  const valueIn = async (region: string | undefined) =>
    (await of(region).secrets.send(new GetSecretValueCommand({ SecretId: idIn(region) }))).SecretString;
  const put = (region: string | undefined, SecretString: string) =>
    of(region).secrets.send(
      new PutSecretValueCommand({
        SecretId: idIn(region),
        SecretString,
        ClientRequestToken: `${SecretString}`.repeat(8),
      }),
    );

  it('has the value of its primary, also after that was changed, and cannot be changed itself', async () => {
    expect(await valueIn(second)).toBe(await valueIn(home));
    await put(home, 'changed');
    expect(await valueIn(second)).toBe('changed');
    await expect(put(second, 'another')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    expect(await valueIn(home)).toBe('changed');
    const described = await of(second).secrets.send(new DescribeSecretCommand({ SecretId: idIn(second) }));
    expect([described.ARN, described.PrimaryRegion]).toEqual([idIn(second), home]);
  });
});

describe('a table that is strongly consistent in all regions', () => {
  const Item = { pk: { S: 'lease' }, holder: { S: 'us-east-1' } };
  const put = (region: string | undefined, more: object = {}) =>
    of(region).tables.send(new PutItemCommand({ TableName: 'lease', Item, ...more }));

  it('shows each write in both at once, and decides conditions once for both', async () => {
    const absent = { ConditionExpression: 'attribute_not_exists(pk)' };
    await put(home, absent);
    await expect(put(second, absent)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const get = new GetItemCommand({ TableName: 'lease', Key: { pk: Item.pk }, ConsistentRead: true });
    expect((await of(second).tables.send(get)).Item).toEqual(Item);
  });

  it('refuses a write to an item that the other region is writing', async () => {
    const end = writes.begin(JSON.stringify(['lease', [Item.pk]]), second ?? '');
    await expect(put(home)).rejects.toMatchObject({ name: 'ReplicatedWriteConflictException' });
    await expect(put(second)).resolves.toBeDefined();
    end();
    await expect(put(home)).resolves.toBeDefined();
  });

  it('refuses transactions, also those that only check it', async () => {
    const check = {
      ConditionCheck: { TableName: 'lease', Key: { pk: Item.pk }, ConditionExpression: 'attribute_exists(pk)' },
    };
    const write = { Put: { TableName: 'payments', Item: { pk: { S: 'p' } } } };
    const transaction = new TransactWriteItemsCommand({ TransactItems: [write, check] });
    await expect(of(home).tables.send(transaction)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is out of reach of a region that is cut off, while other tables are not', async () => {
    reachable = false;
    try {
      await expect(put(second)).rejects.toMatchObject({ name: 'InternalServerError' });
      const other = new PutItemCommand({ TableName: 'payments', Item: { pk: { S: 'p' } } });
      await expect(of(second).tables.send(other)).resolves.toBeDefined();
      await expect(put(home)).resolves.toBeDefined();
    } finally {
      reachable = true;
    }
  });

  it.each([
    ['no witness', { GlobalTableWitnesses: [] }, /neither three replicas nor two and a witness/],
    ['its witness in a region of the two', { GlobalTableWitnesses: [{ Region: home }] }, /neither three replicas/],
    ['a witness elsewhere', { GlobalTableWitnesses: [{ Region: 'eu-west-3' }] }, /there are no such tables in/],
    ['a time to live', { TimeToLiveSpecification: { AttributeName: 'x', Enabled: true } }, /time to live/],
    ['a local index', { LocalSecondaryIndexes: [{ IndexName: 'i', KeySchema: keys }] }, /local indexes/],
  ])('is not made with %s', async (_, more, words) => {
    const [made] = deploy(zoneOf(stack('s', { Lease: table({ ...strong, ...more }) })), {}).of(
      'AWS::DynamoDB::GlobalTable',
    );
    const engine = engines[0];
    if (made === undefined || engine === undefined) throw new Error('there is no table');
    await expect(createTable(engine.client, made)).rejects.toThrow(words);
  });
});
