// Trust boundary `customers`: keeps customers, and alone may read what is known of a person.

import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  listCustomers,
  updateCustomer,
} from '../../contract/operations/customers.ts';
import {
  getPaymentMethod,
  listPaymentMethods,
  removePaymentMethod,
  savePaymentMethod,
} from '../../contract/operations/payment_methods.ts';
import { customerPorts } from '../customers/ports.ts';
import { createCustomer as createCustomerHandler } from '../handlers/customers/create.ts';
import { deleteCustomer as deleteCustomerHandler } from '../handlers/customers/delete.ts';
import { getCustomer as getCustomerHandler } from '../handlers/customers/get.ts';
import { listCustomers as listCustomersHandler } from '../handlers/customers/list.ts';
import { updateCustomer as updateCustomerHandler } from '../handlers/customers/update.ts';
import { savePaymentMethod as savePaymentMethodHandler } from '../handlers/payment_methods/create.ts';
import { removePaymentMethod as removePaymentMethodHandler } from '../handlers/payment_methods/delete.ts';
import { getPaymentMethod as getPaymentMethodHandler } from '../handlers/payment_methods/get.ts';
import { listPaymentMethods as listPaymentMethodsHandler } from '../handlers/payment_methods/list.ts';
import { route, serve } from '../http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

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

export const handler = serve(
  customerPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient })),
  routes,
);
