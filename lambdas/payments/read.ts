// Reads of captures, refunds and voids: they lie beside their payment, which tells whose they are.

import type { GenericSchema } from 'valibot';
import type { ErrorCode } from '../../contract/capabilities.ts';
import { idPattern } from '../../contract/kernel/ids.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import { serialize } from '../kernel/domain/serialize.ts';
import { owns } from '../kernel/domain/tenant_scope.ts';
import { type Answer, type HandlerPorts, type Identity, read } from '../kernel/operation/call.ts';
import { newestAfter, type PageQuery, pageOf, positionOf } from '../kernel/operation/page.ts';
import { tenantScopeOf } from '../kernel/operation/scope.ts';
import type { ModificationKind } from './domain/modification.ts';
import { loadModifications, loadPayment, loadWithModification } from './store.ts';

interface ReadCall {
  readonly identity: Identity;
  readonly params: Readonly<Record<string, string>>;
}

export async function getModification(
  kind: ModificationKind,
  reply: GenericSchema,
  call: ReadCall,
  { platform, keyring }: HandlerPorts,
): Promise<Answer> {
  // Stryker disable StringLiteral: the path has both; the types cannot say so.
  const id = call.params[`${kind}_id`] ?? '';
  const found = await loadWithModification(platform, call.params.payment_id ?? '', id);
  // Stryker restore StringLiteral
  if (!owns(tenantScopeOf(call.identity), found.payment?.value)) throw new Refusal('payment_not_found');
  if (found.modification === undefined || !idPattern(kind).test(id)) {
    throw new Refusal(`${kind}_not_found` satisfies ErrorCode);
  }
  return read(serialize(reply, await withOpenFields(found.modification.value, keyring)));
}

export async function listModifications(
  kind: ModificationKind,
  operation: { readonly id: string; readonly reply: GenericSchema },
  call: ReadCall & { readonly query: PageQuery },
  { platform, keyring }: HandlerPorts,
): Promise<Answer> {
  // Stryker disable next-line StringLiteral: the path has it; the types cannot say so.
  const paymentId = call.params.payment_id ?? '';
  const list = [operation.id, paymentId];
  const after = positionOf(list, call.query.cursor);
  const [payment, modifications] = await Promise.all([
    loadPayment(platform, paymentId),
    loadModifications(platform, paymentId, kind),
  ]);
  if (!owns(tenantScopeOf(call.identity), payment?.value)) throw new Refusal('payment_not_found');
  const items = newestAfter(modifications, after);
  const page = await pageOf(list, call.query, items, (modification) => withOpenFields(modification, keyring));
  return read(serialize(operation.reply, page));
}
