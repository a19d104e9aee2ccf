// What the outside gives to a function, made when first used. Tests and simulations give their own.

import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { dynamodbClient, eventBridgeClient, kmsClient, secretsManagerClient } from './aws.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { type Log, powertoolsLog } from './log.ts';
import { type Meter, powertoolsMeter } from './meter.ts';

export interface Platform {
  readonly clock: Clock;
  readonly config: Config;
  readonly random: (bytes: number) => Uint8Array;
  /** Waits; the only way in which code here lets time pass. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly dynamodb: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
  readonly kms: KMSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly log: Log;
  readonly meter: Meter;
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

export function lambdaPlatform(): Platform {
  const dynamodb = once(dynamodbClient);
  const eventBridge = once(eventBridgeClient);
  const kms = once(kmsClient);
  const secretsManager = once(secretsManagerClient);
  const log = once(powertoolsLog);
  const meter = once(powertoolsMeter);
  return {
    clock: systemClock,
    config: readConfig(process.env),
    random: randomBytes,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    get dynamodb() {
      return dynamodb();
    },
    get eventBridge() {
      return eventBridge();
    },
    get kms() {
      return kms();
    },
    get secretsManager() {
      return secretsManager();
    },
    get log() {
      return log();
    },
    get meter() {
      return meter();
    },
  };
}
