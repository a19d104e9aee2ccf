// Trust boundary `tenants_read`: answers reads of tenants and API keys, and can change nothing.

import { getTenant, listKeys } from '../../contract/tenants/operations.ts';
import { readPorts } from '../kernel/http/read_ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { listKeys as listKeysHandler } from '../tenants/handlers/keys/list.ts';
import { getTenant as getTenantHandler } from '../tenants/handlers/tenants/get.ts';

export const routes = [route(getTenant, getTenantHandler), route(listKeys, listKeysHandler)];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(readPorts(platform), routes),
);
