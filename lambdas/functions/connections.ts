// Trust boundary `connections`: connects payment processors.

import { createConnection } from '../connections/handlers/connections/create.ts';
import { deleteConnection } from '../connections/handlers/connections/delete.ts';
import { setConnectionDefaults } from '../connections/handlers/connections/set_defaults.ts';
import { updateConnection } from '../connections/handlers/connections/update.ts';
import { serve } from '../kernel/http/serve.ts';
import { portsOf } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';

export const routes = [createConnection, updateConnection, deleteConnection, setConnectionDefaults];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient, writer: writerOf },
  (platform) => serve(portsOf(platform), routes),
);
