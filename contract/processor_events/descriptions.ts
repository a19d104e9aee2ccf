// The documentation's texts about processors' webhooks. They never repeat what a row, a schema or a limit says.

import type { ErrorTexts } from '../kernel/description.ts';
import type { errors } from './errors.ts';

export const errorTexts = {
  signature_invalid: {
    happens:
      'A provider’s webhook came without a signature, with one under another secret, or with one that is too old. Nothing of it was read.',
    remedy:
      'Compare the webhook secret in the connection with the one at the provider. The audit trail shows such requests, one entry a minute.',
  },
  notification_malformed: {
    happens: 'A provider’s webhook was rightly signed, and its form is not the one that the provider documents.',
    remedy: 'Set the webhook’s version at the provider to the documented one. The provider sends it again.',
  },
} as const satisfies ErrorTexts<typeof errors>;
