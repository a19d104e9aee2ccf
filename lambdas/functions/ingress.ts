// Trust boundary `ingress`: takes in what payment processors tell.

import { ingressPorts } from '../ingress/ports.ts';
import { receive } from '../ingress/receive.ts';
import { dynamodbClient, kmsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const handler = receive(ingressPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient })));
