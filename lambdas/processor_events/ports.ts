// What settling needs, beyond the platform: it asks no processor.

import type { MoneyPorts } from '../payments/ports.ts';

export type SettlerPorts = Pick<MoneyPorts, 'platform' | 'keyring'>;
