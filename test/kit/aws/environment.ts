// The environment of a function as a template would give it, where names are the contract's own.

import { type QueueName, queues, type TableName, tables } from '../../../contract/capabilities.ts';
import { variables } from '../../../contract/kernel/environment.ts';
import { type KmsKeyName, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rateClassesJson } from '../../../lib/derive/rate_classes.ts';

export const account = '000000000000';
export const region = 'us-east-1';
export const keyArn = (name: KmsKeyName): string => `arn:aws:kms:${region}:${account}:key/mrk-${name}`;
export const secretArn = (name: string): string => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-abcdef`;

export const queueArn = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;
export const queueUrl = (name: string): string => `https://sqs.${region}.amazonaws.com/${account}/${name}`;

export const environment = (functionName: string, testProcessorUrl: string): Record<string, string> => ({
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_REGION: region,
  [variables.stage]: 'test',
  [variables.zone]: 'us',
  [variables.writer]: 'configured',
  [variables.bus]: 'bus',
  [variables.service]: 'strongroom',
  [variables.logLevel]: 'INFO',
  [variables.logSampleRate]: '0',
  [variables.baseUrls]: '{"us":"https://api.us.example.com/v1","eu":"https://api.eu.example.com/v1"}',
  [variables.testProcessorUrl]: testProcessorUrl,
  [variables.rateClasses]: rateClassesJson(),
  ...Object.fromEntries(wrappingKeys.map((name) => [variables.key(name), keyArn(name)])),
  [variables.secret('peppers')]: secretArn('peppers'),
  [variables.secret('digests')]: secretArn('digests'),
  ...Object.fromEntries(Object.keys(queues).map((name) => [variables.queue(name as QueueName), queueUrl(name)])),
  ...Object.fromEntries(Object.keys(tables).map((name) => [variables.table(name as TableName), name])),
});
