// Trust boundary `settler`: settles payments by what their processors told.

import { keyring } from '../crypto/keyring.ts';
import { dynamodbClient, kmsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { settler } from '../settler/settler.ts';
import { dataKeys } from '../store/data_keys.ts';

const platform = lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient });
export const handler = settler({ platform, keyring: keyring(platform, 'tenant', dataKeys(platform)) });
