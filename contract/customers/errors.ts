// Errors of customers and their saved payment methods: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';

export const errors = {
  customer_not_found: {
    status: 404,
    title: 'No such customer',
    detail: 'There is no such customer.',
    retriable: false,
  },
  customer_deleted: {
    status: 410,
    title: 'Customer deleted',
    detail: 'The customer was deleted, and nothing that was known of the person can be read again.',
    retriable: false,
  },
  payment_method_not_found: {
    status: 404,
    title: 'No such saved payment method',
    detail: 'The customer has no such saved payment method.',
    retriable: false,
  },
  payment_keeps_no_method: {
    status: 409,
    title: 'No payment method to save',
    detail: 'The payment was not made to keep its payment method, or its processor has not said yet which it keeps.',
    retriable: false,
  },
  too_many_payment_methods: {
    status: 409,
    title: 'Too many payment methods',
    detail: 'A customer has at most 20 saved payment methods.',
    retriable: false,
  },
} as const satisfies Record<string, CatalogueError>;
