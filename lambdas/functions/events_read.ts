// Trust boundary `events_read`: answers reads of events, and can change nothing.

import { getEvent } from '../events/handlers/events/get.ts';
import { listEvents } from '../events/handlers/events/list.ts';
import { serve } from '../kernel/http/serve.ts';
import { handlerPorts } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [getEvent, listEvents];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(handlerPorts(platform), routes),
);
