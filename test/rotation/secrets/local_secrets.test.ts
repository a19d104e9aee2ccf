// Secrets Manager of the local cloud, asked by real SDK clients: versions and stages as in AWS, kept over a restart, and
// rotations that are attempted again.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretMetadata } from '../../../local/cloud/secret_metadata.ts';
import { deploy } from '../../../local/cloudformation/deployment.ts';
import { createAwsEndpoint } from '../../../local/endpoint/server.ts';
import { localLimits } from '../../../local/host/limits.ts';
import { listen } from '../../../local/host/ports.ts';
import { createPrincipals } from '../../../local/iam/principals.ts';
import type { Outcome } from '../../../local/lambda/process.ts';
import { createRotations, type Rotations } from '../../../local/secretsmanager/rotation.ts';
import { createSecretsManager } from '../../../local/secretsmanager/secrets_manager.ts';
import { openSecrets } from '../../../local/secretsmanager/stored_secrets.ts';
import { openState } from '../../../local/storage/state.ts';
import { resource, stack, zoneOf } from '../../local/stacks.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:z-peppers-abc123';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:rotator';
const token = (letter: string): string => letter.repeat(32);
const first = {
  arn,
  name: 'z-peppers',
  versionId: 'first',
  value: '{"current":"1","1":"a"}',
  createdAt: 1_800_000_000,
};
const next = '{"current":"2","1":"a","2":"b"}';

const scheduled = (permission: object = {}, schedule: object = {}) =>
  deploy(
    zoneOf(
      stack('api', {
        Schedule: resource('AWS::SecretsManager::RotationSchedule', {
          SecretId: arn,
          RotationLambdaARN: functionArn,
          RotationRules: { AutomaticallyAfterDays: 90 },
          RotateImmediatelyOnUpdate: true,
          ...schedule,
        }),
        Permission: resource('AWS::Lambda::Permission', {
          Action: 'lambda:InvokeFunction',
          FunctionName: functionArn,
          Principal: 'secretsmanager.amazonaws.com',
          SourceArn: arn,
          SourceAccount: '000000000000',
          ...permission,
        }),
      }),
    ),
    {},
  );

interface Place {
  readonly client: SecretsManagerClient;
  readonly rotations: Rotations;
  readonly described: () => ReturnType<typeof secretMetadata>;
  readonly complaints: string[];
  stop(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'strongroom-secrets-'));
let places: Place[] = [];
let invoke: (step: string) => Promise<Outcome>;

/** As after a restart: everything but the state folder is new. */
const open = async (): Promise<Place> => {
  const secrets = await openSecrets(scheduled(), [first], await openState(folder));
  const complaints: string[] = [];
  const rotations = createRotations({
    secrets,
    invoke: (to, event) => {
      expect(to).toBe(functionArn);
      const { Step, SecretId } = event as { Step: string; SecretId: string };
      expect(SecretId).toBe(arn);
      return invoke(Step);
    },
    warn: (text) => complaints.push(text),
  });
  const principals = createPrincipals();
  const aws = createAwsEndpoint({ principals, authorize: () => {}, warn: (text) => complaints.push(text) });
  aws.open('us-east-1', {
    secretsmanager: createSecretsManager(secrets.held, { keep: secrets.keep, rotate: rotations.run }),
  });
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${await listen(aws.server, { what: 'the test' })}`,
    credentials: principals.admit({ kind: 'deployer', arn: 'arn:aws:iam::000000000000:role/test' }),
    maxAttempts: 1,
  });
  const place = {
    client,
    rotations,
    described: () => secretMetadata(secrets.held),
    complaints,
    async stop() {
      rotations.stop();
      await rotations.settled();
      client.destroy();
      aws.server.closeAllConnections();
      aws.server.close();
    },
  };
  places.push(place);
  return place;
};

const put = (place: Place, id: string, SecretString: string, VersionStages = ['AWSPENDING']) =>
  place.client.send(new PutSecretValueCommand({ SecretId: arn, ClientRequestToken: id, SecretString, VersionStages }));
const move = (place: Place, from: string | undefined, to: string | undefined, VersionStage = 'AWSCURRENT') =>
  place.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage,
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    }),
  );
const stagesOf = async (place: Place) =>
  (await place.client.send(new DescribeSecretCommand({ SecretId: arn }))).VersionIdsToStages;
const read = async (place: Place, more: object = {}) =>
  (await place.client.send(new GetSecretValueCommand({ SecretId: arn, ...more }))).SecretString;

beforeEach(() => {
  rmSync(join(folder, 'secret-versions-us.json'), { force: true });
  invoke = () => Promise.resolve({ kind: 'returned', payload: null });
});
afterEach(async () => {
  for (const place of places) await place.stop();
  places = [];
  vi.restoreAllMocks();
});

describe('[SEC-1] versions and stages', () => {
  it('a value that waits is read by its stage alone, until the stage is moved', async () => {
    const place = await open();
    await put(place, token('b'), next);
    expect(await read(place)).toBe(first.value);
    expect(await read(place, { VersionStage: 'AWSPENDING' })).toBe(next);
    await expect(read(place, { VersionId: token('b'), VersionStage: 'AWSCURRENT' })).rejects.toThrow(
      'specified secret value',
    );
    await move(place, 'first', token('b'));
    expect(await read(place)).toBe(next);
    expect(await stagesOf(place)).toEqual({ first: ['AWSPREVIOUS'], [token('b')]: ['AWSPENDING', 'AWSCURRENT'] });
  });

  it('the same value under the same token changes nothing, another is refused', async () => {
    const place = await open();
    await put(place, token('b'), next);
    await put(place, token('b'), next);
    await expect(put(place, token('b'), '{}')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect(await read(place, { VersionStage: 'AWSPENDING' })).toBe(next);
  });

  it.each<[string, string | undefined, string | undefined, string]>([
    ['from a version that has it not', token('b'), token('b'), 'InvalidParameterException'],
    ['without naming where it is', undefined, token('b'), 'InvalidParameterException'],
    ['to a version that is not there', 'first', token('z'), 'ResourceNotFoundException'],
    ['to nowhere', 'first', undefined, 'InvalidParameterException'],
    ['from nowhere to nowhere', undefined, undefined, 'InvalidParameterException'],
  ])('the current stage is not moved %s', async (_, from, to, name) => {
    const place = await open();
    await put(place, token('b'), next);
    await expect(move(place, from, to)).rejects.toMatchObject({ name });
    expect(await read(place)).toBe(first.value);
  });

  it.each<[string, object]>([
    ['a short token', { ClientRequestToken: 'x' }],
    ['too much', { SecretString: 'x'.repeat(65_537) }],
    ['bytes', { SecretBinary: Buffer.from('x') }],
  ])('%s is refused', async (_, more) => {
    const place = await open();
    const input = { SecretId: arn, ClientRequestToken: token('c'), SecretString: 'x', ...more };
    await expect(place.client.send(new PutSecretValueCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('what was answered is there after a restart', async () => {
    const before = await open();
    await put(before, token('b'), next);
    await move(before, 'first', token('b'));
    const after = await open();
    expect(await read(after)).toBe(next);
    expect(await stagesOf(after)).toEqual(await stagesOf(before));
    expect(JSON.parse(readFileSync(join(folder, 'secret-versions-us.json'), 'utf8'))).toHaveProperty(arn);
  });
});

describe('[SEC-1] rotations', () => {
  const rotate = (place: Place, id: string) =>
    place.client.send(new RotateSecretCommand({ SecretId: arn, ClientRequestToken: id }));
  /** What a rotator does. */
  const rotator =
    (place: Place, id: string) =>
    async (step: string): Promise<Outcome> => {
      if (step === 'createSecret') await put(place, id, next);
      if (step === 'finishSecret') await move(place, 'first', id);
      return { kind: 'returned', payload: null };
    };

  it('ask for the four steps in turn, for a version that has no value yet', async () => {
    const place = await open();
    const asked: string[] = [];
    invoke = async (step) => {
      if (step === 'createSecret') {
        expect(await stagesOf(place)).toEqual({ first: ['AWSCURRENT'], [token('b')]: ['AWSPENDING'] });
        await expect(read(place, { VersionStage: 'AWSPENDING' })).rejects.toThrow('specified secret value');
      }
      asked.push(step);
      return rotator(place, token('b'))(step);
    };
    const { VersionId } = await rotate(place, token('b'));
    expect(VersionId).toBe(token('b'));
    await place.rotations.settled();
    expect(asked).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
    expect(await read(place)).toBe(next);
    const described = await place.client.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(described.RotationEnabled).toBe(true);
    expect((described.NextRotationDate?.getTime() ?? 0) - (described.LastRotatedDate?.getTime() ?? 0)).toBe(
      90 * 86_400_000,
    );
    expect(place.described()).toMatchObject([{ current: '2', versions: ['1', '2'], pending: false, days: 90 }]);
    expect(JSON.stringify(place.described())).not.toMatch(/"[ab]"/);
  });

  it('that fail are attempted again from the first step, under the same version, a few times', async () => {
    const place = await open();
    const asked: string[] = [];
    invoke = async (step) => {
      asked.push(step);
      return { kind: 'timed_out' };
    };
    await rotate(place, token('b'));
    await place.rotations.settled();
    expect(asked).toEqual(Array(localLimits.rotationTries).fill('createSecret'));
    expect(place.complaints).toHaveLength(localLimits.rotationTries);
    expect(place.described()).toMatchObject([{ pending: true, rotatedAt: null }]);
    invoke = rotator(place, token('b'));
    await expect(rotate(place, token('c'))).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await place.rotations.settled();
    expect(place.described()).toMatchObject([{ pending: false, current: '2' }]);
  });

  it('that were interrupted are completed after a restart, and what is due is rotated then', async () => {
    const before = await open();
    const killed = Promise.withResolvers<Outcome>();
    invoke = () => killed.promise;
    await rotate(before, token('b'));
    const after = await open();
    invoke = rotator(after, token('b'));
    after.rotations.start();
    await after.rotations.settled();
    expect(after.described()).toMatchObject([{ pending: false, current: '2' }]);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 91 * 86_400_000);
    const asked: string[] = [];
    invoke = async (step) => {
      asked.push(step);
      return { kind: 'crashed', how: 'as asked' };
    };
    const later = await open();
    later.rotations.start();
    await vi.waitFor(() => expect(asked).not.toEqual([]));
    killed.resolve({ kind: 'crashed', how: 'killed' });
  });

  it.each<[string, object, object]>([
    ['whose function Secrets Manager may not call', { Principal: 'apigateway.amazonaws.com' }, {}],
    ['whose function may be called for another secret', { SourceArn: `${arn}x` }, {}],
    ['whose function may be called for another account', { SourceAccount: '111111111111' }, {}],
    ['by a function that is not ours', {}, { HostedRotationLambda: {} }],
    ['never', {}, { RotationRules: {} }],
  ])('%s stop the boot', async (_, permission, schedule) => {
    await expect(openSecrets(scheduled(permission, schedule), [first], await openState(folder))).rejects.toThrow(
      /stack api/,
    );
  });
});
