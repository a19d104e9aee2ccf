// Trust boundary `customers`: keeps customers, and alone may read what is known of a person.

import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  getPaymentMethod,
  listCustomers,
  listPaymentMethods,
  removePaymentMethod,
  savePaymentMethod,
  updateCustomer,
} from '../../contract/customers/operations.ts';
import { createCustomer as createCustomerHandler } from '../customers/handlers/customers/create.ts';
import { deleteCustomer as deleteCustomerHandler } from '../customers/handlers/customers/delete.ts';
import { getCustomer as getCustomerHandler } from '../customers/handlers/customers/get.ts';
import { listCustomers as listCustomersHandler } from '../customers/handlers/customers/list.ts';
import { updateCustomer as updateCustomerHandler } from '../customers/handlers/customers/update.ts';
import { savePaymentMethod as savePaymentMethodHandler } from '../customers/handlers/payment_methods/create.ts';
import { removePaymentMethod as removePaymentMethodHandler } from '../customers/handlers/payment_methods/delete.ts';
import { getPaymentMethod as getPaymentMethodHandler } from '../customers/handlers/payment_methods/get.ts';
import { listPaymentMethods as listPaymentMethodsHandler } from '../customers/handlers/payment_methods/list.ts';
import { customerPorts } from '../customers/ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const routes = [
  route(createCustomer, createCustomerHandler),
  route(listCustomers, listCustomersHandler),
  route(getCustomer, getCustomerHandler),
  route(updateCustomer, updateCustomerHandler),
  route(deleteCustomer, deleteCustomerHandler),
  route(savePaymentMethod, savePaymentMethodHandler),
  route(listPaymentMethods, listPaymentMethodsHandler),
  route(getPaymentMethod, getPaymentMethodHandler),
  route(removePaymentMethod, removePaymentMethodHandler),
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient },
  (platform) => serve(customerPorts(platform), routes),
);
