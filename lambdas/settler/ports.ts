// What settling needs, beyond the platform: it asks no processor.

import type { MoneyPorts } from '../money/ports.ts';

export type SettlerPorts = Pick<MoneyPorts, 'platform' | 'keyring'>;
