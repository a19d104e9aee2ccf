// What the outside gives to a function, made when first used. Tests and simulations give their own.

import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { Defect } from '../domain/refusal.ts';
import type { AwsConfig } from './aws.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { type FunctionLog, functionLog, type Log } from './log.ts';
import { functionMeter, type Meter } from './meter.ts';
import { once } from './once.ts';
import type { LeasePlatform, Writer } from './writer.ts';

interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
  readonly kms: KMSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly sqs: SQSClient;
}

export interface Platform extends Clients {
  readonly clock: Clock;
  readonly config: Config;
  readonly random: (bytes: number) => Uint8Array;
  /** Waits; the only way in which code here lets time pass. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Log;
  readonly meter: Meter;
  /** Whether this region takes writes. Only functions that write, or that leave work to the writer region, have it. */
  readonly writer: Writer;
}

type ClientMakers = { readonly [Name in keyof Clients]: (config: AwsConfig) => Clients[Name] };

interface Makers extends Partial<ClientMakers> {
  readonly writer?: (platform: LeasePlatform) => Writer;
}

/**
 * A function's handler, made on its platform; each invocation starts in the log. `makers`: the services that the function
 * may call (contract/<capability>/functions.ts). Its bundle holds no other's client.
 */
export function lambdaHandler<Event, Answer>(
  makers: Makers,
  handlerOn: (platform: Platform) => (event: Event, context: Context) => Answer,
): (event: Event, context: Context) => Answer {
  // A copy: each look into the process's own environment leaves the engine. Powertools reads by itself what it takes no
  // argument for: the trace id of the invocation and its own switches (docs/decisions/0013).
  const config = readConfig({ ...process.env });
  const logging = once(() => functionLog(config.logging));
  const handler = handlerOn(platformOf(config, logging, makers));
  return (event, context) => {
    logging().startInvocation(event, context);
    return handler(event, context);
  };
}

function platformOf(config: Config, logging: () => FunctionLog, { writer: makeWriter, ...makers }: Makers): Platform {
  const clients: Partial<ClientMakers> = makers;
  const made = <Name extends keyof Clients>(name: Name) =>
    once((): Clients[Name] => {
      const make = clients[name];
      if (make === undefined) throw new Defect(`this function was given no client of ${name}`);
      return make(config);
    });
  const dynamodb = made('dynamodb');
  const eventBridge = made('eventBridge');
  const kms = made('kms');
  const secretsManager = made('secretsManager');
  const sqs = made('sqs');
  const meter = once(functionMeter);
  const writer = once((): Writer => {
    if (makeWriter === undefined) throw new Defect('this function does not ask for the writer region');
    return makeWriter({ clock: systemClock, config, dynamodb: dynamodb() });
  });
  return {
    clock: systemClock,
    config,
    random: randomBytes,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: (message, fields) => logging().log(message, fields),
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
    get sqs() {
      return sqs();
    },
    get writer() {
      return writer();
    },
    get meter() {
      return meter();
    },
  };
}
