// Trust boundary `read`: answers reads, and can write nothing.

import { listAuditEntries } from '../../contract/operations/audit_entries.ts';
import { getCapture, listCaptures } from '../../contract/operations/captures.ts';
import { getEvent, listEvents } from '../../contract/operations/events.ts';
import { listKeys } from '../../contract/operations/keys.ts';
import { getPayment, listPayments } from '../../contract/operations/payments.ts';
import { getRefund, listRefunds } from '../../contract/operations/refunds.ts';
import { getTenant } from '../../contract/operations/tenants.ts';
import { getVoid, listVoids } from '../../contract/operations/voids.ts';
import { keyring } from '../crypto/keyring.ts';
import * as auditEntriesList from '../handlers/audit_entries/list.ts';
import * as captures from '../handlers/captures/get.ts';
import * as capturesList from '../handlers/captures/list.ts';
import * as event from '../handlers/events/get.ts';
import * as eventsList from '../handlers/events/list.ts';
import * as keysList from '../handlers/keys/list.ts';
import * as payment from '../handlers/payments/get.ts';
import * as paymentsList from '../handlers/payments/list.ts';
import * as refunds from '../handlers/refunds/get.ts';
import * as refundsList from '../handlers/refunds/list.ts';
import * as tenant from '../handlers/tenants/get.ts';
import * as voids from '../handlers/voids/get.ts';
import * as voidsList from '../handlers/voids/list.ts';
import { route, serve } from '../http/serve.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const routes = [
  route(getTenant, tenant.getTenant),
  route(listKeys, keysList.listKeys),
  route(getPayment, payment.getPayment),
  route(listPayments, paymentsList.listPayments),
  route(getCapture, captures.getCapture),
  route(listCaptures, capturesList.listCaptures),
  route(getRefund, refunds.getRefund),
  route(listRefunds, refundsList.listRefunds),
  route(getVoid, voids.getVoid),
  route(listVoids, voidsList.listVoids),
  route(getEvent, event.getEvent),
  route(listEvents, eventsList.listEvents),
  route(listAuditEntries, auditEntriesList.listAuditEntries),
];

const platform = lambdaPlatform();
export const handler = serve({ platform, keyring: keyring(platform) }, routes);
