// Secrets Manager in memory: the platform secrets of the contract, with the rules that the local cloud keeps.

import * as sdk from '@aws-sdk/client-secrets-manager';
import { platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { AwsError } from '../../../local/endpoint/error.ts';
import { callSecrets } from '../../../local/secretsmanager/calls.ts';
import { HeldSecret } from '../../../local/secretsmanager/store.ts';
import { secretArn } from './environment.ts';

/** The SDK makes dates of the wire's seconds. */
const withDates = (answer: object): object =>
  Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name, name.endsWith('Date') ? new Date(value * 1000) : value]),
  );

type ErrorClass = new (options: object) => Error;
const errorClasses = sdk as unknown as Readonly<Record<string, ErrorClass | undefined>>;

/** Other services have errors of the same names. */
const asSdkDoes = (error: unknown): unknown => {
  if (!(error instanceof AwsError)) return error;
  const { name, message, status } = error;
  const Class = errorClasses[name] ?? (sdk.SecretsManagerServiceException as unknown as ErrorClass);
  return new Class({ name, message, $fault: 'client', $metadata: { httpStatusCode: status, attempts: 1 } });
};

/** Throws as the SDK does. */
export function memorySecrets(now: () => number, random: (bytes: number) => Uint8Array) {
  const seconds = (): number => Math.floor(now() / 1000);
  const secrets = Object.entries(platformSecrets).map(([name, { rotationDays }]) => {
    const value = JSON.stringify({ current: '1', 1: Buffer.from(random(32)).toString('hex') });
    const first = { arn: secretArn(name), name, versionId: `first-${name}`, value, createdAt: seconds() };
    return new HeldSecret(first, { functionArn: 'rotator', days: rotationDays }, undefined, seconds);
  });
  return {
    answer(operation: string, input: object): object {
      try {
        return withDates(callSecrets(secrets, operation, input));
      } catch (error) {
        throw asSdkDoes(error);
      }
    },
  };
}
