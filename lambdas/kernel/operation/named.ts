// The object that a path names, checked: another tenant's, or another mode's, does not exist for the caller.

import { type ErrorCode, errors } from '../../../contract/capabilities.ts';
import type { IdKind } from '../../../contract/kernel/vocabulary.ts';
import { Defect, Refusal } from '../domain/refusal.ts';
import { owns } from '../domain/tenant_scope.ts';
import type { StorePlatform } from '../store/commit.ts';
import { load } from '../store/load.ts';
import type { NamedRow, Stored } from '../store/row.ts';
import type { Identity } from './call.ts';
import { tenantScopeOf } from './scope.ts';

export function notFound(kind: IdKind): Refusal {
  const code = `${kind}_not_found`;
  if (!Object.hasOwn(errors, code)) throw new Defect('a path parameter has no not-found error');
  return new Refusal(code as ErrorCode);
}

export interface NamingCall {
  readonly identity: Identity;
  readonly params: Readonly<Record<string, string>>;
}

/** The id of a kind that the path names. */
export function idOf({ params }: NamingCall, kind: IdKind): string {
  const id = params[`${kind}_id`];
  if (id === undefined) throw new Defect(`the path names no ${kind}`);
  return id;
}

/** Operators may act upon every tenant's objects, where an operation is open to them at all. */
const mayName = <T>(identity: Identity, type: NamedRow<T>, value: T): boolean =>
  identity.actor.kind === 'operator' || owns(tenantScopeOf(identity), type.scope(value));

/** Strongly consistent; deleted ones too. Refuses with the kind's `…_not_found`. */
export async function named<T>(platform: StorePlatform, call: NamingCall, type: NamedRow<T>): Promise<Stored<T>> {
  const { tenant, mode } = call.identity;
  const found = await load(platform, type, { tenant, mode, id: idOf(call, type.kind) } as unknown as Partial<T>);
  if (found === undefined || !mayName(call.identity, type, found.value)) throw notFound(type.kind);
  return found;
}

/** As `named`, but what was deleted is not there any more. */
export async function namedPresent<T>(
  platform: StorePlatform,
  call: NamingCall,
  type: NamedRow<T>,
): Promise<Stored<T>> {
  const found = await named(platform, call, type);
  if (type.hidden?.(found.value)) throw notFound(type.kind);
  return found;
}
