// Trust boundary `tenants_read`: answers reads of tenants and API keys, and can change nothing.

import { serve } from '../kernel/http/serve.ts';
import { handlerPorts } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { listKeys } from '../tenants/handlers/keys/list.ts';
import { getTenant } from '../tenants/handlers/tenants/get.ts';
import { listTenants } from '../tenants/handlers/tenants/list.ts';

export const routes = [getTenant, listTenants, listKeys];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(handlerPorts(platform), routes),
);
