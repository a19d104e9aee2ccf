// Which bodies API Gateway treats as bytes rather than text (developer guide, "Content type conversions in API Gateway" and
// "Return binary media from a Lambda proxy integration", read November 2026): of a request by its `Content-Type`, of an
// answer by the first type of `Accept`, which decides whether base64 is decoded. Text is never changed by either.

import type { Pairs } from './request.ts';

/** What a template may declare: all types, all of one kind, or one. */
export const binaryMediaType = /^(?:\*\/\*|[\w.+-]+\/(?:\*|[\w.+-]+))$/;

/** Where a header is missing (known, not looked up). */
const assumed = 'application/json';

const matches = (declared: readonly string[], given: string): boolean => {
  // Parameters say nothing about it, nor does case.
  const [type = ''] = given.toLowerCase().split(';');
  const [kind] = type.trim().split('/');
  return declared.some((each) => ['*/*', `${kind}/*`, type.trim()].includes(each.toLowerCase()));
};

const headerOf = (headers: Pairs, name: string): string =>
  headers.findLast(([each]) => each.toLowerCase() === name)?.[1] ?? assumed;

export const sendsBytes = (declared: readonly string[], headers: Pairs): boolean =>
  matches(declared, headerOf(headers, 'content-type'));

export const takesBytes = (declared: readonly string[], headers: Pairs): boolean =>
  matches(declared, headerOf(headers, 'accept').split(',')[0] ?? '');
