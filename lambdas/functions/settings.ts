// Trust boundary `settings`: creates and changes tenants and API keys.

import { createKey, revokeKey, rotateKey } from '../../contract/operations/keys.ts';
import { createTenant, createTenantKey, updateTenant } from '../../contract/operations/tenants.ts';
import { createKey as createKeyHandler } from '../handlers/keys/create.ts';
import { revokeKey as revokeKeyHandler } from '../handlers/keys/revoke.ts';
import { rotateKey as rotateKeyHandler } from '../handlers/keys/rotate.ts';
import { createTenant as createTenantHandler } from '../handlers/tenants/create.ts';
import { createTenantKey as createTenantKeyHandler } from '../handlers/tenants/create_key.ts';
import { updateTenant as updateTenantHandler } from '../handlers/tenants/update.ts';
import { route, serve } from '../http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { settingsPorts } from '../settings/ports.ts';

export const routes = [
  route(createTenant, createTenantHandler),
  route(updateTenant, updateTenantHandler),
  route(createTenantKey, createTenantKeyHandler),
  route(createKey, createKeyHandler),
  route(rotateKey, rotateKeyHandler),
  route(revokeKey, revokeKeyHandler),
];

export const handler = serve(
  settingsPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient })),
  routes,
);
