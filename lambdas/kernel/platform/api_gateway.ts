// API Gateway's control plane, for the one function that may call it: apart from the platform, so that no other function
// carries its client.

import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { usageKeyLimits } from '../../../contract/kernel/rates.ts';
import { type AwsConfig, clientSettings } from './aws.ts';

/** Answers slowly and throttles early, so it is asked more often. */
export const apiGatewayClient = (config: AwsConfig): APIGatewayClient =>
  new APIGatewayClient({ ...clientSettings(config), maxAttempts: usageKeyLimits.attempts });
