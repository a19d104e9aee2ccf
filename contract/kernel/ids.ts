// Identifiers: `<prefix>_<zone>_<26 characters>`. The last part is lower-case base32 (RFC 4648, unpadded).
// An id names; it never grants: those of created objects are hashes of what the caller sent (docs/decisions/0002).

import { zoneNames } from './zones.ts';

export const idPrefixes = {
  tenant: 'ten',
  operator: 'opr',
  key: 'key',
  payment: 'pay',
  capture: 'cap',
  refund: 'ref',
  void: 'void',
  customer: 'cus',
  payment_method: 'pmt',
  event: 'evt',
  webhook_endpoint: 'we',
  webhook_secret: 'whs',
  webhook_test: 'wht',
  delivery: 'dlv',
  replay: 'rpl',
  connection: 'conn',
  provider_event: 'pev',
  certificate: 'crt',
  fact: 'fct',
  audit_entry: 'aud',
} as const;

export type IdKind = keyof typeof idPrefixes;

export const idBodyChars = 26;
export const idAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';

export const idPattern = (kind: IdKind): RegExp =>
  new RegExp(`^${idPrefixes[kind]}_(?:${zoneNames.join('|')})_[a-z2-7]{${idBodyChars}}$`);
