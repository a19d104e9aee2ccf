// What lets a payer's browser in: the secret that opens this payment alone, and what its processor gave for the page. It lies
// sealed in the payment, beside what merchants wrote, and goes into no event and no list.

import * as v from 'valibot';
import { payerLimits } from '../../contract/payments/limits.ts';
import { Client as ClientSchema } from '../../contract/payments/payment.ts';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import { equalBytes } from '../kernel/crypto/secret.ts';
import { base32 } from '../kernel/platform/ids.ts';
import type { Client } from '../processors/domain/fact.ts';
import type { Payment } from './domain/payment.ts';

const PayerAccess = v.object({ client_secret: v.string(), client: v.nullable(ClientSchema) });
type PayerAccess = v.InferOutput<typeof PayerAccess>;

type Owned = Pick<Payment, 'id' | 'tenant' | 'mode'>;

const contextOf = ({ id, tenant, mode }: Owned) => ({
  tenant,
  mode,
  purpose: 'payer_access',
  table: 'payments',
  item: id,
  field: 'payer_access',
});

const seal = (keyring: Pick<Keyring, 'seal'>, payment: Owned, access: PayerAccess) =>
  keyring.seal(JSON.stringify(access), contextOf(payment));

const none: { readonly client_secret: null; readonly client: null } = { client_secret: null, client: null };

async function open(keyring: Pick<Keyring, 'open'>, payment: Payment): Promise<PayerAccess | typeof none> {
  if (payment.payer_access === undefined) return none;
  return parseSealed(PayerAccess, await keyring.open(payment.payer_access, contextOf(payment)), 'what lets a payer in');
}

/** Of a new payment. */
export const sealPayerAccess = (
  keyring: Pick<Keyring, 'seal'>,
  payment: Owned,
  random: (bytes: number) => Uint8Array,
): Promise<Payment['payer_access']> =>
  seal(keyring, payment, {
    client_secret: `${payment.id}_secret_${base32(random(payerLimits.clientSecretBytes))}`,
    client: null,
  });

/** With what its processor gave for the page. */
export async function withClient(
  keyring: Pick<Keyring, 'open' | 'seal'>,
  payment: Payment,
  client: Client | null | undefined,
): Promise<Payment> {
  if (!client) return payment;
  const { client_secret } = await open(keyring, payment);
  if (client_secret === null) return payment;
  return { ...payment, payer_access: await seal(keyring, payment, { client_secret, client }) };
}

/** Whether the payer's part is open: then the page needs what the processor gave for it. */
const isOpenToPayer = ({ status }: Payment): boolean =>
  status === 'requires_payment_method' || status === 'requires_action';

/** The payment with all that lies sealed in it in the clear, for whoever may read it. Throws `DecryptionError`. */
export async function openPayment(payment: Payment, keyring: Pick<Keyring, 'open'>) {
  const [opened, { client_secret, client }] = await Promise.all([
    withOpenFields(payment, keyring),
    open(keyring, payment),
  ]);
  return { reference: null, ...opened, client_secret, client: isOpenToPayer(payment) ? client : null };
}

/** As a list shows it. */
export const listedPayment = async (payment: Payment, keyring: Pick<Keyring, 'open'>) => ({
  reference: null,
  ...(await withOpenFields(payment, keyring)),
  ...none,
});

/** Whether a browser holds the payment's own secret; in constant time. */
export async function isPayer(
  keyring: Pick<Keyring, 'open'>,
  payment: Payment,
  secret: string | undefined,
): Promise<boolean> {
  const { client_secret } = await open(keyring, payment);
  if (secret === undefined || client_secret === null) return false;
  return equalBytes(Buffer.from(secret), Buffer.from(client_secret));
}
