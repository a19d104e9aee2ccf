// How the notifications of a connection are verified: its provider's scheme, and the secrets that the provider may sign with.

import type { Connection } from '../../connections/domain/connection.ts';
import { openForVerifying } from '../../connections/open_credentials.ts';
import type { Secret } from '../../kernel/crypto/secret.ts';
import { adyenNotifications } from '../../processors/adyen/notifications.ts';
import type { NotificationScheme } from '../../processors/notification.ts';
import { stripeNotifications } from '../../processors/stripe/notifications.ts';
import { testNotifications } from '../../processors/test/notifications.ts';
import type { IngressPorts } from './ports.ts';

export interface Verifier {
  readonly scheme: NotificationScheme;
  readonly secrets: readonly Secret<string>[];
}

export async function verifierOf({ platform, secrets }: IngressPorts, connection: Connection): Promise<Verifier> {
  const opened = await openForVerifying(secrets, connection, platform.clock());
  const credentials = opened.credentials.reveal();
  switch (credentials.provider) {
    case 'stripe':
      return { scheme: stripeNotifications(connection.mode), secrets: opened.signing };
    case 'adyen': {
      const scheme = adyenNotifications(credentials.merchant_account, connection.mode);
      return { scheme, secrets: opened.signing };
    }
    case 'test': {
      const { testProcessorUrl: url } = platform.config;
      const base = url === undefined ? null : new URL(url.replace(/\/*$/, '/'));
      return { scheme: testNotifications(base), secrets: opened.signing };
    }
  }
}
