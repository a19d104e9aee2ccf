// Trust boundary `customers`: holds customers, and alone may read what is known of a person.

import { createCustomer } from '../customers/handlers/customers/create.ts';
import { deleteCustomer } from '../customers/handlers/customers/delete.ts';
import { getCustomer } from '../customers/handlers/customers/get.ts';
import { listCustomers } from '../customers/handlers/customers/list.ts';
import { updateCustomer } from '../customers/handlers/customers/update.ts';
import { savePaymentMethod } from '../customers/handlers/payment_methods/create.ts';
import { removePaymentMethod } from '../customers/handlers/payment_methods/delete.ts';
import { getPaymentMethod } from '../customers/handlers/payment_methods/get.ts';
import { listPaymentMethods } from '../customers/handlers/payment_methods/list.ts';
import { serve } from '../kernel/http/serve.ts';
import { portsOf } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';

export const routes = [
  createCustomer,
  listCustomers,
  getCustomer,
  updateCustomer,
  deleteCustomer,
  savePaymentMethod,
  listPaymentMethods,
  getPaymentMethod,
  removePaymentMethod,
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient, writer: writerOf },
  (platform) => serve(portsOf(platform), routes),
);
