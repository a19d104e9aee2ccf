// Trust boundary `connections`: connects payment processors.

import { createConnection, deleteConnection } from '../../contract/operations/connections.ts';
import { connectionPorts } from '../connections/ports.ts';
import { createConnection as createConnectionHandler } from '../handlers/connections/create.ts';
import { deleteConnection as deleteConnectionHandler } from '../handlers/connections/delete.ts';
import { route, serve } from '../http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const routes = [
  route(createConnection, createConnectionHandler),
  route(deleteConnection, deleteConnectionHandler),
];

export const handler = serve(
  connectionPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient })),
  routes,
);
