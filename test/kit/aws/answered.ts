// SDK clients whose calls are answered where they begin, at the `initialize` step: nothing is serialized, signed or sent.
// The code under test makes real commands with real clients; all that is missing is the way to AWS.

import * as dynamodb from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as kms from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import type { Platform } from '../../../lambdas/kernel/platform/platform.ts';

export type AwsService = 'dynamodb' | 'kms' | 'secretsmanager' | 'events' | 'sqs';

export interface AwsCall {
  readonly service: AwsService;
  /** As AWS names it, such as `PutItem`. */
  readonly operation: string;
  /** The command's input, as the code under test made it. */
  readonly input: object;
  /** X-Ray's tracing header of the invocation that makes it. Absent: none is followed. */
  readonly trace?: string;
}

export type Answer = (call: AwsCall) => Promise<object>;

export type Clients = Pick<Platform, 'dynamodb' | 'kms' | 'secretsManager' | 'eventBridge' | 'sqs'>;

interface Answerable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: unknown,
        context: { readonly commandName?: string },
      ) => (args: { readonly input: object }) => Promise<{ response: unknown; output: object }>,
      options: { step: 'initialize'; priority: 'high'; name: string },
    ): void;
  };
}

/** Answers whatever the client is asked, also for clients that are not among those below. */
export const answered = <Client>(client: Client, service: AwsService, answer: Answer): Client => {
  (client as Answerable).middlewareStack.add(
    (_, { commandName = '' }) =>
      async ({ input }) => ({
        response: {},
        output: await answer({ service, operation: commandName.slice(0, -'Command'.length), input }),
      }),
    { step: 'initialize', priority: 'high', name: 'answered' },
  );
  return client;
};

/** One chain of middleware for all calls of a kind: nothing behind the first of them is ever reached. */
const nowhere = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  cacheMiddleware: true,
};

export const answeredClients = (answer: Answer): Clients => ({
  dynamodb: answered(new dynamodb.DynamoDBClient(nowhere), 'dynamodb', answer),
  kms: answered(new kms.KMSClient(nowhere), 'kms', answer),
  secretsManager: answered(new SecretsManagerClient(nowhere), 'secretsmanager', answer),
  eventBridge: answered(new EventBridgeClient(nowhere), 'events', answer),
  sqs: answered(new sqs.SQSClient(nowhere), 'sqs', answer),
});

type ErrorClass = new (options: object) => Error;

const errorClasses = { ...sqs, ...kms, ...dynamodb } as unknown as Readonly<Record<string, ErrorClass | undefined>>;

/** An error as the SDK would throw it: of its own class where it has one, so that `instanceof` holds. */
export function sdkError(
  name: string,
  message: string,
  more: { readonly status?: number; readonly fields?: Readonly<Record<string, unknown>> } = {},
): Error {
  const { status = 400, fields = {} } = more;
  const Class = errorClasses[name] ?? (dynamodb.DynamoDBServiceException as unknown as ErrorClass);
  return new Class({
    name,
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, attempts: 1 },
    ...fields,
  });
}
