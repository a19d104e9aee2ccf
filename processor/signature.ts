// Signs webhooks: `t=<seconds>,v1=<hex>`, an HMAC-SHA256 over the processor's name, the time and the body, so that a signature
// serves no other purpose and no other moment. The form is Stripe's: docs.stripe.com/webhooks/signature (read 2026-11).

import { createHmac } from 'node:crypto';

export const signatureHeader = 'test-processor-signature';

const context = 'strongroom-test-processor.';

/** The header's value for a body that is sent now. */
export type Signer = (body: Uint8Array, nowMs: number) => string;

/** The secret stays inside: the signer can be neither read nor printed. */
export const signerOf =
  (secret: string): Signer =>
  (body, nowMs) => {
    const time = String(Math.floor(nowMs / 1000));
    const digest = createHmac('sha256', secret).update(`${context}${time}.`).update(body).digest('hex');
    return `t=${time},v1=${digest}`;
  };
