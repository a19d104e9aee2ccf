// Trust boundary `events_read`: answers reads of events, and can change nothing.

import { getEvent, listEvents } from '../../contract/events/operations.ts';
import { getEvent as getEventHandler } from '../events/handlers/events/get.ts';
import { listEvents as listEventsHandler } from '../events/handlers/events/list.ts';
import { readPorts } from '../kernel/http/read_ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [route(getEvent, getEventHandler), route(listEvents, listEventsHandler)];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(readPorts(platform), routes),
);
