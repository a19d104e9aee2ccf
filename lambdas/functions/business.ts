// Trust boundary `business`: holds the businesses of tenants, alone reads their people, and turns live mode on and off.

import { serve } from '../kernel/http/serve.ts';
import { portsOf } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { getBusiness } from '../tenants/handlers/business/get.ts';
import { submitBusiness } from '../tenants/handlers/business/submit.ts';
import { updateBusiness } from '../tenants/handlers/business/update.ts';
import { closeTenant } from '../tenants/handlers/tenants/close.ts';
import { confirmVerification } from '../tenants/handlers/tenants/confirm_verification.ts';
import { getTenantBusiness } from '../tenants/handlers/tenants/get_business.ts';
import { proposeVerification } from '../tenants/handlers/tenants/propose_verification.ts';
import { resumeTenant } from '../tenants/handlers/tenants/resume.ts';
import { suspendTenant } from '../tenants/handlers/tenants/suspend.ts';

export const routes = [
  getBusiness,
  updateBusiness,
  submitBusiness,
  getTenantBusiness,
  proposeVerification,
  confirmVerification,
  suspendTenant,
  resumeTenant,
  closeTenant,
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient, writer: writerOf },
  (platform) => serve(portsOf(platform), routes),
);
