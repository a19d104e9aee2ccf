// Trust boundary `settler`: settles payments by what their processors told.

import { keyring } from '../kernel/crypto/keyring.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';
import { processorEvents } from '../processor_events/processor_events.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  processorEvents({ platform, keyring: keyring(platform, 'tenant', dataKeys(platform)) }),
);
