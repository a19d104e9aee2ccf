// How what comes through a connection is verified: its provider's scheme, and the secret that the provider signs with.

import * as v from 'valibot';
import { credentialsPlace } from '../connections/credentials_place.ts';
import { Secret } from '../crypto/secret.ts';
import { type Connection, Credentials } from '../domain/connection.ts';
import { Defect } from '../domain/refusal.ts';
import { adyenNotifications } from '../providers/adyen/notifications.ts';
import type { NotificationScheme } from '../providers/notification.ts';
import { stripeNotifications } from '../providers/stripe/notifications.ts';
import { testNotifications } from '../providers/test/notifications.ts';
import type { IngressPorts } from './ports.ts';

export interface Verifier {
  readonly scheme: NotificationScheme;
  readonly secrets: readonly Secret<string>[];
}

const Opened = v.pipe(v.string(), v.parseJson(), Credentials);

export async function verifierOf({ platform, secrets }: IngressPorts, connection: Connection): Promise<Verifier> {
  const { tenant, id, credentials: sealed } = connection;
  if (sealed === null) throw new Defect('an active connection has no credentials');
  const opened = v.safeParse(Opened, await secrets.open(sealed, credentialsPlace(tenant, id)));
  if (!opened.success) throw new Defect('a connection’s credentials have not their form');
  const credentials = opened.output;
  switch (credentials.provider) {
    case 'stripe':
      return { scheme: stripeNotifications, secrets: [new Secret(credentials.webhook_secret)] };
    case 'adyen': {
      const scheme = adyenNotifications(credentials.merchant_account);
      return { scheme, secrets: [new Secret(credentials.hmac_key)] };
    }
    case 'test': {
      const base = new URL(platform.config.testProcessorUrl.replace(/\/*$/, '/'));
      return { scheme: testNotifications(base), secrets: [new Secret(credentials.webhook_secret)] };
    }
  }
}
