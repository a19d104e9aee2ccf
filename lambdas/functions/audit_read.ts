// Trust boundary `audit_read`: answers reads of audit entries, and can change nothing.

import { listAuditEntries } from '../audit/handlers/audit_entries/list.ts';
import { serve } from '../kernel/http/serve.ts';
import { handlerPorts } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [listAuditEntries];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(handlerPorts(platform), routes),
);
