// What applying processor events needs, beyond the platform: it asks no processor.

import type { MoneyPorts } from '../payments/ports.ts';

export type ProcessorEventPorts = Pick<MoneyPorts, 'platform' | 'keyring'>;
