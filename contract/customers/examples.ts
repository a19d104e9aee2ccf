// One example for each operation on customers and their saved payment methods, and for each of their events.

import { type Examples, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

const address = {
  line1: '221B Baker Street',
  line2: null,
  city: 'London',
  state: null,
  postal_code: 'NW1 6XE',
  country: 'GB',
};
const customer = {
  id: exampleIds.customer,
  object: 'customer',
  mode: 'test',
  name: 'Irene Adler',
  email: 'irene@example.com',
  phone: '+442079460018',
  address,
  description: null,
  metadata: { loyalty: 'gold' },
  created_at: exampleTime,
  updated_at: exampleTime,
};
/** What events show of a customer: nothing personal. */
const bareCustomer = {
  id: exampleIds.customer,
  object: 'customer',
  mode: 'test',
  status: 'active',
  created_at: exampleTime,
  updated_at: exampleTime,
};
const deletedCustomer = { ...bareCustomer, status: 'deleted' };
const barePaymentMethod = {
  id: exampleIds.payment_method,
  object: 'payment_method',
  mode: 'test',
  customer: exampleIds.customer,
  created_at: exampleTime,
};
const paymentMethod = {
  ...barePaymentMethod,
  connection: null,
  card: { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2029 },
  usage: null,
};

export const examples = {
  operations: {
    'customers/create': {
      body: {
        name: customer.name,
        email: customer.email,
        phone: customer.phone,
        address: {
          line1: address.line1,
          city: address.city,
          postal_code: address.postal_code,
          country: address.country,
        },
        metadata: customer.metadata,
      },
      reply: customer,
    },
    'customers/list': { reply: listOf(customer) },
    'customers/get': { reply: customer },
    'customers/update': { body: { phone: null }, reply: { ...customer, phone: null } },
    'customers/delete': { reply: deletedCustomer },
    'payment_methods/create': {
      body: { token: 'pm_test_visa', card: paymentMethod.card },
      reply: paymentMethod,
    },
    'payment_methods/list': { reply: listOf(paymentMethod) },
    'payment_methods/get': { reply: paymentMethod },
    'payment_methods/delete': { reply: barePaymentMethod },
  },
  events: {
    'customer.created': {
      happens: 'A customer was created.',
      schema: 'BareCustomer',
      data: bareCustomer,
      first: true,
    },
    'customer.updated': {
      happens: 'What is known of a customer was changed. Read the customer for what it is now.',
      schema: 'BareCustomer',
      data: bareCustomer,
    },
    'customer.deleted': {
      happens: 'A customer was deleted, and the key under which the person’s data is sealed destroyed.',
      schema: 'BareCustomer',
      data: deletedCustomer,
    },
    'payment_method.saved': {
      happens: 'A payment method was saved for a customer.',
      schema: 'BarePaymentMethod',
      data: barePaymentMethod,
    },
    'payment_method.removed': {
      happens: 'A saved payment method was removed, and its token destroyed.',
      schema: 'BarePaymentMethod',
      data: barePaymentMethod,
    },
  },
} satisfies Examples<typeof operations, 'customer'>;
