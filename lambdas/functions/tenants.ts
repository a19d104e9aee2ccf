// Trust boundary `settings`: creates and changes tenants and API keys.

import {
  createKey,
  createTenant,
  createTenantKey,
  revokeKey,
  rotateKey,
  updateTenant,
} from '../../contract/tenants/operations.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { createKey as createKeyHandler } from '../tenants/handlers/keys/create.ts';
import { revokeKey as revokeKeyHandler } from '../tenants/handlers/keys/revoke.ts';
import { rotateKey as rotateKeyHandler } from '../tenants/handlers/keys/rotate.ts';
import { createTenant as createTenantHandler } from '../tenants/handlers/tenants/create.ts';
import { createTenantKey as createTenantKeyHandler } from '../tenants/handlers/tenants/create_key.ts';
import { updateTenant as updateTenantHandler } from '../tenants/handlers/tenants/update.ts';
import { tenantPorts } from '../tenants/ports.ts';

export const routes = [
  route(createTenant, createTenantHandler),
  route(updateTenant, updateTenantHandler),
  route(createTenantKey, createTenantKeyHandler),
  route(createKey, createKeyHandler),
  route(rotateKey, rotateKeyHandler),
  route(revokeKey, revokeKeyHandler),
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient },
  (platform) => serve(tenantPorts(platform), routes),
);
