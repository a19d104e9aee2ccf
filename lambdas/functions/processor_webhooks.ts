// Trust boundary `processor_webhooks`: receives the webhooks of payment processors.

import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { ingressPorts } from '../processor_events/ingress/ports.ts';
import { receive } from '../processor_events/ingress/receive.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient, writer: writerOf }, (platform) =>
  receive(ingressPorts(platform)),
);
