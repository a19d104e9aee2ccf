// Trust boundary `provisioner`: gives each new tenant its own rate limits.

import { apiGatewayClient } from '../platform/api_gateway.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { provisioner } from '../provisioner/provisioner.ts';

const { clock, config, log, sleep } = lambdaPlatform({});

export const handler = provisioner({ clock, config, log, sleep, apiGateway: apiGatewayClient(config) });
