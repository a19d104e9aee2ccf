// Trust boundary `tenants`: creates and changes tenants and API keys.

import { serve } from '../kernel/http/serve.ts';
import { portsOf } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { createKey } from '../tenants/handlers/keys/create.ts';
import { revokeKey } from '../tenants/handlers/keys/revoke.ts';
import { rotateKey } from '../tenants/handlers/keys/rotate.ts';
import { createTenant } from '../tenants/handlers/tenants/create.ts';
import { createTenantKey } from '../tenants/handlers/tenants/create_key.ts';
import { updateTenant } from '../tenants/handlers/tenants/update.ts';

export const routes = [createTenant, updateTenant, createTenantKey, createKey, rotateKey, revokeKey];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient, writer: writerOf },
  (platform) => serve(portsOf(platform), routes),
);
