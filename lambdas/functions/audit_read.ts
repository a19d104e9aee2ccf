// Trust boundary `audit_read`: answers reads of the audit trail, and can change nothing.

import { listAuditEntries } from '../../contract/audit/operations.ts';
import { listAuditEntries as listAuditEntriesHandler } from '../audit/handlers/audit_entries/list.ts';
import { readPorts } from '../kernel/http/read_ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [route(listAuditEntries, listAuditEntriesHandler)];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(readPorts(platform), routes),
);
