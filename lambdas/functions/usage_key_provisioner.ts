// Trust boundary `provisioner`: gives each new tenant its own rate limits.

import { apiGatewayClient } from '../kernel/platform/api_gateway.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { provisioner } from '../tenants/usage_keys/provisioner.ts';

const { clock, config, log, sleep } = lambdaPlatform({});

export const handler = provisioner({ clock, config, log, sleep, apiGateway: apiGatewayClient(config) });
