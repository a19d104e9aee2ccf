// Bearer credentials, of the form in contract/kernel/credential.ts. Only an HMAC is ever stored.

import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { checksumChars, credentialPattern, secretBytes } from '../../../contract/kernel/credential.ts';
import { idBodyChars } from '../../../contract/kernel/ids.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { type ZoneName, zoneNames } from '../../../contract/kernel/zones.ts';
import { Defect } from '../domain/refusal.ts';
import { base32, stageTag } from '../platform/ids.ts';
import type { VersionedKeys } from './platform_secrets.ts';
import { equalBytes, Secret } from './secret.ts';

/** A credential whose form and checksum are right; whether it is known is another question. */
export interface Credential {
  readonly kind: 'key' | 'operator';
  /** A key that anybody may see. */
  readonly publishable: boolean;
  readonly mode: Mode | null;
  readonly zone: ZoneName;
  /** key_… or opr_… */
  readonly id: string;
  /** Whether it was made for the given stage. */
  readonly ofStage: boolean;
  readonly secret: Secret<string>;
}

const form = new RegExp(`^${credentialPattern(zoneNames, '[ps]k')}$`);

const checksumOf = (text: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base32(bytes);
};

/** Parses an Authorization header (RFC 6750). Null: nothing that we ever issued. */
export function parseCredential(header: string | undefined, stage: string): Credential | null {
  // Stryker disable next-line StringLiteral: what is not there becomes a text that has not the form; any such text will do.
  const text = /^Bearer ([A-Za-z0-9_]{1,200})$/i.exec(header ?? '')?.[1] ?? '';
  const parts = form.exec(text);
  if (parts === null) return null;
  const [, mode, zone, id, secret, checksum] = parts;
  // Stryker disable next-line ConditionalExpression,LogicalOperator: the form has all three; the types cannot say so.
  if (zone === undefined || id === undefined || secret === undefined) return null;
  if (checksum !== checksumOf(text.slice(0, -checksumChars))) return null;
  const kind = mode === undefined ? 'operator' : 'key';
  return {
    kind,
    publishable: text.startsWith('pk_'),
    mode: (mode as Mode | undefined) ?? null,
    zone: zone as ZoneName,
    id: `${idPrefixes[kind]}_${zone}_${id}`,
    ofStage: id.startsWith(stageTag(stage)),
    secret: new Secret(secret),
  };
}

/** Marks the id of a credential with its stage, so that another stage recognises it. */
export const markStage = (id: string, stage: string): string =>
  id.slice(0, -idBodyChars) + stageTag(stage) + id.slice(-idBodyChars + 2);

/** Makes a secret for the id; `text` is shown once, `stored` is what the key's row keeps. */
export function mintCredential(
  id: string,
  mode: Mode | null,
  zone: ZoneName,
  random: (bytes: number) => Uint8Array,
  peppers: Pick<VersionedKeys, 'current' | 'key'>,
  publishable = false,
): { readonly text: Secret<string>; readonly stored: string } {
  const secret = base32(random(secretBytes));
  const front = `${mode === null ? 'ok' : `${publishable ? 'pk' : 'sk'}_${mode}`}_${zone}_${id.slice(-idBodyChars)}_${secret}`;
  const stored = hmacOf(id, secret, peppers.current, peppers);
  if (stored === undefined) throw new Defect('the current pepper is missing');
  return { text: new Secret(front + checksumOf(front)), stored };
}

/** The pepper under which a secret was stored. */
export const pepperOf = (stored: string): string =>
  stored.split('.', 1)[0] ??
  // Stryker disable next-line StringLiteral: a split always has a first part; the types cannot say so.
  '';

/**
 * Whether the secret is the one stored, in constant time. A pepper is retired when nothing stored names it: one that is gone
 * is ours to mend.
 */
export function verifySecret(credential: Credential, stored: string, peppers: VersionedKeys): boolean {
  const computed = hmacOf(credential.id, credential.secret.reveal(), pepperOf(stored), peppers);
  if (computed === undefined) throw new Defect('a stored secret names a pepper that is gone');
  return equalBytes(Buffer.from(computed), Buffer.from(stored));
}

function hmacOf(id: string, secret: string, version: string, peppers: Pick<VersionedKeys, 'key'>): string | undefined {
  const pepper = peppers.key(version);
  return pepper && `${version}.${createHmac('sha256', pepper).update(`${id}:${secret}`).digest('base64url')}`;
}
