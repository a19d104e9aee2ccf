// Trust boundary `connections`: connects payment processors.

import { createConnection, deleteConnection } from '../../contract/connections/operations.ts';
import { createConnection as createConnectionHandler } from '../connections/handlers/connections/create.ts';
import { deleteConnection as deleteConnectionHandler } from '../connections/handlers/connections/delete.ts';
import { connectionPorts } from '../connections/ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [
  route(createConnection, createConnectionHandler),
  route(deleteConnection, deleteConnectionHandler),
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient },
  (platform) => serve(connectionPorts(platform), routes),
);
