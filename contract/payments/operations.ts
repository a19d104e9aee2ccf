// Operations on payments and their captures, refunds and voids: one row each.

import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Capture, CreateCapture, CreateRefund, CreateVoid, ListAllRefundsQuery, Refund, Void } from './modification.ts';
import {
  CancelPayment,
  ConfirmPayment,
  CreatePayment,
  ListPaymentsQuery,
  PayerPayment,
  Payment,
  UpdatePayment,
} from './payment.ts';

const RefundList = /* @__PURE__ */ List(Refund);

export const createPayment = {
  id: 'payments/create',
  method: 'POST',
  path: '/v1/payments',
  function: 'money',
  actors: ['key', 'agent'],
  scopes: ['payments:write'],
  body: CreatePayment,
  reply: Payment,
  creates: 'payment',
  slo: 'money',
  refuses: [
    'charges_disabled',
    'velocity_exceeded',
    'payment_method_unknown',
    'test_processor_missing',
    'connection_not_found',
    'customer_not_found',
    'customer_deleted',
    'payment_method_not_found',
  ],
} as const satisfies Operation;

export const confirmPayment = {
  id: 'payments/confirm',
  method: 'POST',
  path: '/v1/payments/{payment_id}/confirm',
  function: 'money',
  actors: ['key', 'agent', 'payer'],
  scopes: ['payments:write'],
  body: ConfirmPayment,
  reply: Payment,
  payerReply: PayerPayment,
  slo: 'money',
  refuses: ['payment_not_found', 'connection_not_found'],
} as const satisfies Operation;

export const updatePayment = {
  id: 'payments/update',
  method: 'PATCH',
  path: '/v1/payments/{payment_id}',
  function: 'money',
  actors: ['key', 'agent'],
  scopes: ['payments:write'],
  body: UpdatePayment,
  reply: Payment,
  slo: 'write',
  refuses: ['payment_not_found'],
} as const satisfies Operation;

export const cancelPayment = {
  id: 'payments/cancel',
  method: 'POST',
  path: '/v1/payments/{payment_id}/cancel',
  function: 'money',
  actors: ['key', 'agent'],
  scopes: ['payments:write'],
  body: CancelPayment,
  reply: Payment,
  slo: 'money',
  refuses: [
    'refunds_disabled',
    'payment_not_found',
    'payment_not_cancelable',
    'too_many_modifications',
    'connection_not_found',
  ],
} as const satisfies Operation;

export const getPayment = {
  id: 'payments/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}',
  function: 'payments_read',
  actors: ['key', 'agent', 'payer'],
  scopes: ['payments:read'],
  reply: Payment,
  payerReply: PayerPayment,
  slo: 'read',
  refuses: ['payment_not_found'],
} as const satisfies Operation;

export const listPayments = {
  id: 'payments/list',
  method: 'GET',
  path: '/v1/payments',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListPaymentsQuery,
  reply: /* @__PURE__ */ List(Payment),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;

export const capturePayment = {
  id: 'payments/capture',
  method: 'POST',
  path: '/v1/payments/{payment_id}/captures',
  function: 'money',
  actors: ['key', 'agent'],
  scopes: ['payments:write'],
  body: CreateCapture,
  reply: Capture,
  creates: 'capture',
  slo: 'money',
  refuses: [
    'charges_disabled',
    'payment_not_found',
    'payment_not_capturable',
    'amount_exceeds_authorized',
    'too_many_modifications',
    'connection_not_found',
  ],
} as const satisfies Operation;

export const refundPayment = {
  id: 'payments/refund',
  method: 'POST',
  path: '/v1/payments/{payment_id}/refunds',
  function: 'money',
  actors: ['key', 'agent'],
  scopes: ['payments:write'],
  body: CreateRefund,
  reply: Refund,
  creates: 'refund',
  slo: 'money',
  refuses: [
    'refunds_disabled',
    'payment_not_found',
    'payment_not_refundable',
    'payment_disputed',
    'amount_exceeds_captured',
    'too_many_modifications',
    'connection_not_found',
  ],
} as const satisfies Operation;

export const voidPayment = {
  id: 'payments/void',
  method: 'POST',
  path: '/v1/payments/{payment_id}/voids',
  function: 'money',
  actors: ['key', 'agent'],
  scopes: ['payments:write'],
  body: CreateVoid,
  reply: Void,
  creates: 'void',
  slo: 'money',
  refuses: [
    'refunds_disabled',
    'payment_not_found',
    'payment_not_voidable',
    'too_many_modifications',
    'connection_not_found',
  ],
} as const satisfies Operation;

export const listAllRefunds = {
  id: 'refunds/list_all',
  method: 'GET',
  path: '/v1/refunds',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListAllRefundsQuery,
  reply: RefundList,
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;

export const getCapture = {
  id: 'captures/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}/captures/{capture_id}',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  reply: Capture,
  slo: 'read',
  refuses: ['payment_not_found', 'capture_not_found'],
} as const satisfies Operation;

export const listCaptures = {
  id: 'captures/list',
  method: 'GET',
  path: '/v1/payments/{payment_id}/captures',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Capture),
  slo: 'read',
  refuses: ['payment_not_found', 'cursor_invalid'],
} as const satisfies Operation;

export const getRefund = {
  id: 'refunds/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}/refunds/{refund_id}',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  reply: Refund,
  slo: 'read',
  refuses: ['payment_not_found', 'refund_not_found'],
} as const satisfies Operation;

export const listRefunds = {
  id: 'refunds/list',
  method: 'GET',
  path: '/v1/payments/{payment_id}/refunds',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListQuery,
  reply: RefundList,
  slo: 'read',
  refuses: ['payment_not_found', 'cursor_invalid'],
} as const satisfies Operation;

export const getVoid = {
  id: 'voids/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}/voids/{void_id}',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  reply: Void,
  slo: 'read',
  refuses: ['payment_not_found', 'void_not_found'],
} as const satisfies Operation;

export const listVoids = {
  id: 'voids/list',
  method: 'GET',
  path: '/v1/payments/{payment_id}/voids',
  function: 'payments_read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Void),
  slo: 'read',
  refuses: ['payment_not_found', 'cursor_invalid'],
} as const satisfies Operation;
