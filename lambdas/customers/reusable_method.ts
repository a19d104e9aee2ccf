// The method that a processor keeps of a payment, on its way to the payment's customer: sealed in the payment by whoever asked the
// processor, and opened by who saves it for the customer. Neither may do what the other does.

import * as v from 'valibot';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import type { Sealed } from '../kernel/domain/sealed_text.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import { Details } from './domain/saved_method.ts';
import type { Paid } from './store/paid.ts';

const Reusable = v.pick(Details, ['token', 'processor_customer', 'card']);
export type Reusable = v.InferOutput<typeof Reusable>;

const contextOf = (id: string, { tenant, mode }: TenantScope) => ({
  tenant,
  mode,
  purpose: 'reusable_method',
  table: 'payments',
  item: id,
  field: 'reusable_method',
});

export const sealReusable = (
  keyring: Pick<Keyring, 'seal'>,
  payment: TenantScope & { readonly id: string },
  method: Reusable,
): Promise<Sealed<string>> => keyring.seal(JSON.stringify(method), contextOf(payment.id, payment));

export async function openReusable(
  keyring: Pick<Keyring, 'open'>,
  { pk, reusable_method, ...owner }: Paid & { readonly reusable_method: Sealed<string> },
): Promise<Reusable> {
  const opened = await keyring.open(reusable_method, contextOf(pk, owner));
  return parseSealed(Reusable, opened, 'the method that a payment keeps');
}
