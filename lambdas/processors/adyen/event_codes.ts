// What each of Adyen's event codes means here: every code that Adyen documents is decided or left out with its reason, so that a
// code which is in neither list is one that Adyen added since.
//
// Sources: the enum `eventCode` of Adyen's Webhooks API v1 and of its disputes webhooks;
// docs.adyen.com/development-resources/webhooks/webhook-types, /risk-management/understanding-disputes/dispute-flow,
// /online-payments/capture/failure-reasons; read 2026-12.

export interface DisputeStage {
  /** Of one dispute, which has one `pspReference`, the highest counts: its events may come in any order. */
  readonly stage: number;
  readonly open: boolean;
  readonly outcome?: 'won' | 'lost';
}

export const disputeStages: Readonly<Record<string, DisputeStage>> = {
  REQUEST_FOR_INFORMATION: { stage: 1, open: true },
  NOTIFICATION_OF_CHARGEBACK: { stage: 2, open: true },
  CHARGEBACK: { stage: 3, open: true },
  DISPUTE_DEFENSE_PERIOD_ENDED: { stage: 4, open: false, outcome: 'lost' },
  // The money is back while the issuer may still answer; when its time is over that is final.
  CHARGEBACK_REVERSED: { stage: 5, open: false, outcome: 'won' },
  ISSUER_RESPONSE_TIMEFRAME_EXPIRED: { stage: 6, open: false, outcome: 'won' },
  PREARBITRATION_OPEN: { stage: 7, open: true },
  PREARBITRATION_DECLINED: { stage: 8, open: true },
  PREARBITRATION_ISSUER_WITHDRAWN: { stage: 9, open: false, outcome: 'won' },
  PREARBITRATION_ACCEPTED: { stage: 9, open: false, outcome: 'lost' },
  PREARBITRATION_WON: { stage: 10, open: false, outcome: 'won' },
  PREARBITRATION_LOST: { stage: 10, open: false, outcome: 'lost' },
  // The issuer's last word: the money is gone for good.
  SECOND_CHARGEBACK: { stage: 10, open: false, outcome: 'lost' },
  SCHEME_ARBITRATION: { stage: 11, open: true },
  SCHEME_ARBITRATION_WON: { stage: 12, open: false, outcome: 'won' },
  SCHEME_ARBITRATION_LOST: { stage: 12, open: false, outcome: 'lost' },
};

/** What happens to payments and to what changes them; notifications.ts says what. */
export const movingCodes = [
  'AUTHORISATION',
  'PENDING',
  'CAPTURE',
  'CAPTURE_FAILED',
  'REFUND',
  'REFUND_FAILED',
  'REFUNDED_REVERSED',
  'CANCELLATION',
  'CANCEL_OR_REFUND',
  'TECHNICAL_CANCEL',
  'EXPIRE',
  'OFFER_CLOSED',
] as const;

export const ignoredCodes: Readonly<Record<string, string>> = {
  ACH_NOTIFICATION_OF_CHANGE: 'no bank accounts are held here',
  AUTHENTICATION: 'the authorisation that follows says whether the payer passed',
  AUTHORISATION_ADJUSTMENT: 'no amount that was authorized is ever adjusted here',
  AUTORESCUE: 'no payment is handed over to Adyen’s own retries',
  CANCEL_AUTORESCUE: 'no payment is handed over to Adyen’s own retries',
  DIRECT_DEBIT_NOTICE_OF_CHANGE_NOTIFICATION: 'no bank accounts are held here',
  DONATION: 'no donations are taken',
  HANDLED_EXTERNALLY: 'the money went another way than by this payment',
  INFORMATION_SUPPLIED: 'says that a dispute was answered, and leaves it as it is',
  ISSUER_COMMENTS: 'what the issuer writes of a dispute leaves it as it is',
  MANUAL_REVIEW_ACCEPT: 'the authorisation stands as it was told',
  MANUAL_REVIEW_REJECT: 'what follows is told by CANCEL_OR_REFUND',
  NOTIFICATION_OF_FRAUD: 'a warning: no money moves and no dispute is open',
  ORDER_OPENED: 'no payment is split over several methods',
  ORDER_CLOSED: 'no payment is split over several methods',
  PAIDOUT_REVERSED: 'no payouts are made',
  PAYOUT_DECLINE: 'no payouts are made',
  PAYOUT_EXPIRE: 'no payouts are made',
  PAYOUT_THIRDPARTY: 'no payouts are made',
  POSTPONED_REFUND: 'a refund that waits for its capture: REFUND tells its outcome',
  PROCESS_RETRY: 'Adyen’s own processing',
  RECURRING_CONTRACT: 'tokens are saved by merchants themselves',
  REFUND_WITH_DATA: 'no refunds without a payment are made',
  REPORT_AVAILABLE: 'no reports are read',
  VOID_PENDING_REFUND: 'no point-of-sale refunds are made',
};
