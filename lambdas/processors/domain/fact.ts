// Orders to processors, and a processor's answer about one order in our words. Adapters translate; decisions read nothing else.

/** What a processor is asked to do. `id` is the object that asks (pay_…, cap_…, ref_…, void_…), `reference` its payment. */
export interface Order {
  readonly kind: 'charge' | 'capture' | 'refund' | 'void';
  readonly id: string;
  readonly reference: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** Charges only. */
  readonly payment_method: string;
  /** Charges only: the processor's own id of the customer whose the payment method is there. */
  readonly customer?: string | undefined;
  /** Charges only: where the processor sends the payer back to. Null: nobody said. */
  readonly return_url: string | null;
  /** Charges only: capture at once. */
  readonly capture: boolean;
  /** The processor's id of the charge; null for charges. */
  readonly charge: string | null;
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
  | {
      readonly kind: 'declined';
      readonly declineCode: string | null;
      readonly message: string;
      readonly execution?: string;
    }
  /** The payer must act; nothing moved yet. */
  | { readonly kind: 'requires_action'; readonly charge: string; readonly url: string }
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
