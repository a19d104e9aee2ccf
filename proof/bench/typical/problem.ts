// Errors as RFC 9457 problems, thrown as http-error-handler takes them.

import { createError } from '@middy/util';

export const problem = (status: number, code: string, more: object = {}): Error =>
  createError(status, JSON.stringify({ type: 'about:blank', status, code, ...more }), {
    headers: { 'Content-Type': 'application/problem+json' },
  });
