// Trust boundary `connections_read`: answers reads of connections, never their credentials, and can change nothing.

import { getConnection, listConnections } from '../../contract/connections/operations.ts';
import { getConnection as getConnectionHandler } from '../connections/handlers/connections/get.ts';
import { listConnections as listConnectionsHandler } from '../connections/handlers/connections/list.ts';
import { readPorts } from '../kernel/http/read_ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [route(getConnection, getConnectionHandler), route(listConnections, listConnectionsHandler)];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(readPorts(platform), routes),
);
