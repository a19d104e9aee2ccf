// Orders to processors, and a processor's answer about one order in our words. Adapters translate; decisions read nothing else.

import type { InferOutput } from 'valibot';
import type { Card } from '../../../contract/customers/payment_method.ts';
import type { DeclineCode } from '../../../contract/payments/decline_codes.ts';
import type { Client as ClientSchema } from '../../../contract/payments/payment.ts';

/** What the payer's browser needs to go on at the processor itself. */
export type Client = InferOutput<typeof ClientSchema>;

/** What a processor is asked to do. `id` is the object that asks (pay_…, cap_…, ref_…, void_…), `reference` its payment. */
export interface Order {
  readonly kind: 'charge' | 'capture' | 'refund' | 'void';
  readonly id: string;
  readonly reference: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** Charges only. Null: the payer gives it to the processor's own fields, and the order opens them. */
  readonly payment_method: string | null;
  /** Charges only: the processor's own id of the customer whose the payment method is there. */
  readonly customer?: string | undefined;
  /** Charges only: its payer is not there, and agreed before. Absent: it is there. */
  readonly off_session?: boolean;
  /** Charges only: the processor is to keep the method, so that it can be charged so later. Null: it is not. */
  readonly keeps?: 'on_session' | 'off_session' | null;
  /** Charges only: where the processor sends the payer back to. Null: nobody said. */
  readonly return_url: string | null;
  /** Charges only: until when the payer may act (RFC 3339). Null: the processor knows no end. */
  readonly expires_at?: string | null;
  /** Charges only: the processor's id of what it holds of it already. */
  readonly held?: string | null;
  /** Charges only: capture at once. */
  readonly capture: boolean;
  /** The processor's id of the charge; null for charges. */
  readonly charge: string | null;
}

/** What a processor keeps for later payments, in the form in which they name it. */
export interface ReusableMethod {
  readonly token: string;
  /** Whose it is at the processor, where it charges it for no other. */
  readonly processor_customer?: string | undefined;
  /** Null: it is no card, or the processor did not say. */
  readonly card: InferOutput<typeof Card> | null;
}

/** Why something was declined. */
export interface Failed {
  readonly declineCode: DeclineCode | null;
  /** The processor's own. Absent: it gave none. */
  readonly rawDeclineCode?: string;
  readonly message: string;
}

export type ProviderFact =
  /** Done. `captured`, of a charge: it was captured at once. `restReleased`, of a capture: it was the last that may be. */
  | {
      readonly kind: 'approved';
      readonly charge: string;
      readonly captured: boolean;
      readonly restReleased?: true;
      readonly execution?: string;
    }
  /**
   * Refused for good; nothing moved. `execution`, here and of what is approved: where a processor carries out one order anew after
   * it failed, which time it was.
   */
  | (Failed & {
      readonly kind: 'declined';
      readonly execution?: string;
      /** Nobody can pay any more: it is over for a payer who could otherwise try again. */
      readonly ended?: true;
    })
  /**
   * The payer may choose how to pay; nothing moved yet. `client` null: a report, which does not hold it. `failed`: the payer
   * tried, and may try again.
   */
  | {
      readonly kind: 'requires_payment_method';
      readonly charge: string;
      readonly client: Client | null;
      readonly failed: Failed | null;
    }
  /** The payer must act; nothing moved yet. `fields`: they are posted to the URL as a form. */
  | {
      readonly kind: 'requires_action';
      readonly charge: string;
      readonly url: string;
      readonly fields?: Readonly<Record<string, string>>;
    }
  /** As `requires_action`, in the page, by the processor's own component. `client` null: the page has it already. */
  | { readonly kind: 'requires_component'; readonly charge: string; readonly client: Client | null }
  /** People at the processor look at it; nothing moved yet. */
  | { readonly kind: 'in_review'; readonly charge: string }
  /** Accepted; the result comes later. */
  | { readonly kind: 'pending'; readonly charge: string }
  /**
   * The connection’s account or set-up was refused, and this request moved nothing. It says nothing of an earlier request under
   * the same key.
   */
  | { readonly kind: 'misconfigured' }
  /** Known: nothing moved and nothing will under this key. The only fact after which another key may be used. */
  | { readonly kind: 'not_charged' }
  /** No answer, an answer that makes no sense, or "this key is in use". It may have moved or may yet. */
  | { readonly kind: 'unknown' };

/** Of one dispute the highest stage counts, in whatever order reports come. `outcome`, of one that ended: absent where neither won. */
export interface DisputeReport {
  readonly dispute: string;
  readonly stage: number;
  readonly open: boolean;
  readonly outcome?: 'won' | 'lost' | 'closed' | undefined;
}
