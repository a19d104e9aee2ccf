// Trust boundary `processor_events`: settles payments by the events that their processors sent.

import { handlerPorts } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { processorEvents } from '../processor_events/processor_events.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient, writer: writerOf }, (platform) =>
  processorEvents(handlerPorts(platform)),
);
