// Trust boundary `usage_key_provisioner`: gives each new tenant its own rate limits.

import { apiGatewayClient } from '../kernel/platform/api_gateway.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { provisioner } from '../tenants/usage_keys/provisioner.ts';

export const handler = lambdaHandler({}, ({ clock, config, log, sleep }) =>
  provisioner({ clock, config, log, sleep, apiGateway: apiGatewayClient(config) }),
);
