// A rotation as Secrets Manager runs it, on AWS in memory with a clock to set: processes that make and verify keys beside
// it, and a rotator whose calls may be lost on the way there or back.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type PlatformSecretName, platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { mintCredential, parseCredential, pepperOf, verifySecret } from '../../../lambdas/kernel/crypto/credential.ts';
import {
  parseVersionedKeys,
  platformSecret,
  type VersionedKeys,
} from '../../../lambdas/kernel/crypto/platform_secrets.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../../lambdas/kernel/platform/platform.ts';
import { rotator } from '../../../lambdas/rotation/secrets/rotator.ts';
import { createRecorder } from '../../../proof/privileges/recorder.ts';
import { recordingsFolder } from '../../../proof/privileges/recordings_folder.ts';
import { type Answer, type AwsCall, answeredClients } from '../../kit/aws/answered.ts';
import { environment, secretArn } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';
import { onlyRegion } from '../../kit/aws/writer.ts';

export const dayMs = 86_400_000;
export const start = Date.UTC(2027, 0, 1);
export const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** One for all worlds: there are hundreds of them. */
const folder = recordingsFolder();
const recorder =
  folder === undefined ? undefined : createRecorder(join(folder, `rotator-${process.hrtime.bigint()}.jsonl`));

export interface MadeKey {
  readonly id: string;
  readonly text: string;
  readonly stored: string;
}

/** One running process with a copy of the peppers of its own. */
export interface Process {
  make(): Promise<MadeKey>;
  accepts(key: MadeKey): Promise<boolean>;
}

export interface FixtureOptions {
  /** Stands before every call of every process. */
  readonly between?: (call: AwsCall) => Promise<void>;
}

export function openRotationFixture({ between = async () => {} }: FixtureOptions = {}) {
  let nowMs = start;
  let made = 0;
  const aws = memoryAws({ now: () => nowMs, random: (bytes) => randomBytes(bytes) });
  const lines: string[] = [];
  const calls: AwsCall[] = [];
  let sleptMs = 0;

  const platformOf = (answer: Answer): Platform => ({
    ...answeredClients(answer),
    clock: () => nowMs,
    random: (bytes) => randomBytes(bytes),
    config: readConfig(environment('test', 'http://127.0.0.1:1')),
    log: (message, fields) => void lines.push(JSON.stringify([message, fields])),
    sleep: async (ms) => {
      sleptMs += ms;
    },
    meter: () => {},
    writer: onlyRegion,
  });
  const plain: Answer = async (call) => {
    await between(call);
    return aws.answer(call);
  };

  const call = (operation: string, input: object) =>
    aws.answer({ service: 'secretsmanager', operation, input }) as never;
  const valueAt = (name: PlatformSecretName, VersionStage = 'AWSCURRENT'): string => {
    const { SecretString } = call('GetSecretValue', { SecretId: secretArn(name), VersionStage }) as {
      SecretString: string;
    };
    return SecretString;
  };

  const newProcess = (): Process => {
    const platform = platformOf(plain);
    const peppers = platformSecret(platform, 'peppers');
    return {
      async make() {
        made += 1;
        const id = `key_us_${String(made)
          .replaceAll(/[0189]/g, 'a')
          .padStart(26, 'a')}`;
        const { text, stored } = mintCredential(id, 'test', 'us', platform.random, await peppers());
        await between({ service: 'dynamodb', operation: 'PutItem', input: {} });
        aws.database.call('PutItem', {
          TableName: 'tenants',
          Item: { pk: { S: `${id}#${made}` }, sk: { S: 'key' }, secret_hmac: { S: stored } },
        });
        return { id: `${id}#${made}`, text: text.reveal(), stored };
      },
      async accepts({ text, stored }) {
        const credential = parseCredential(`Bearer ${text}`, 'test');
        if (credential === null) throw new Error('no credential');
        return verifySecret(credential, stored, await peppers(pepperOf(stored)));
      },
    };
  };

  const handlerOf = (answer: Answer, remainingMs: number) => {
    const handle = rotator(
      platformOf((call) => {
        recorder?.record('rotator', call);
        return answer(call);
      }),
    );
    return (event: unknown) => handle(event, { getRemainingTimeInMillis: () => remainingMs });
  };

  /** What Secrets Manager asks for a rotation of that token: all steps in turn, until one fails. */
  const run = async (
    name: PlatformSecretName,
    token: string,
    { answer = plain, remainingMs = 900_000 }: { readonly answer?: Answer; readonly remainingMs?: number } = {},
  ): Promise<void> => {
    const handle = handlerOf(answer, remainingMs);
    for (const Step of steps) await handle({ Step, SecretId: secretArn(name), ClientRequestToken: token });
  };

  return {
    aws,
    lines,
    calls,
    call,
    plain,
    process: newProcess,
    run,
    step: (Step: string, token: string, name: PlatformSecretName = 'peppers', remainingMs = 900_000) =>
      handlerOf(plain, remainingMs)({ Step, SecretId: secretArn(name), ClientRequestToken: token }),
    handle: (event: unknown) => handlerOf(plain, 900_000)(event),
    /** Returns the token of the rotation. */
    begin(name: PlatformSecretName = 'peppers'): string {
      const token = randomBytes(16).toString('hex');
      call('RotateSecret', { SecretId: secretArn(name), ClientRequestToken: token });
      return token;
    },
    async rotate(name: PlatformSecretName = 'peppers'): Promise<void> {
      await run(name, this.begin(name));
    },
    put: (token: string, SecretString: string) =>
      call('PutSecretValue', {
        SecretId: secretArn('peppers'),
        ClientRequestToken: token,
        SecretString,
        VersionStages: ['AWSPENDING'],
      }),
    valueAt,
    keys: (name: PlatformSecretName = 'peppers'): VersionedKeys => parseVersionedKeys(valueAt(name)),
    forget: (key: MadeKey) =>
      aws.database.call('DeleteItem', { TableName: 'tenants', Key: { pk: { S: key.id }, sk: { S: 'key' } } }),
    pass(ms: number) {
      nowMs += ms;
    },
    nowMs: () => nowMs,
    sleptMs: () => sleptMs,
  };
}

export const periodMs = platformSecrets.peppers.rotationDays * dayMs;
