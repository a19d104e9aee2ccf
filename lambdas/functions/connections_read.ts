// Trust boundary `connections_read`: answers reads of connections, never their credentials, and can change nothing.

import { getConnection } from '../connections/handlers/connections/get.ts';
import { getConnectionDefaults } from '../connections/handlers/connections/get_defaults.ts';
import { listConnections } from '../connections/handlers/connections/list.ts';
import { serve } from '../kernel/http/serve.ts';
import { handlerPorts } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [getConnection, listConnections, getConnectionDefaults];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(handlerPorts(platform), routes),
);
