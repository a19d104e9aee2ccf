// A connection's credentials, opened for verifying and paying through it. They leave here as a secret, and are revealed where
// they are used.

import type { Keyring } from '../kernel/crypto/keyring.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import { Secret } from '../kernel/crypto/secret.ts';
import { Defect } from '../kernel/domain/refusal.ts';
import { credentialsContext } from './credentials_context.ts';
import { type Connection, Credentials, ReplacedCredentials, replaced, signingSecrets } from './domain/connection.ts';

type Secrets = Pick<Keyring, 'open'>;

async function openAll(secrets: Secrets, connection: Connection) {
  const { id, credentials: sealed, replacements } = connection;
  if (sealed === null) throw new Defect('a connection has no credentials');
  const [own, ...since] = await Promise.all([
    secrets.open(sealed, credentialsContext(connection, id)),
    ...replacements.map((each) => secrets.open(each.sealed, credentialsContext(connection, id, each.id))),
  ]);
  const what = 'what a connection is used with';
  return {
    own: parseSealed(Credentials, own, what),
    since: since.map((opened, index) => ({
      atMs: replacements[index]?.at_ms ?? 0,
      opened: parseSealed(ReplacedCredentials, opened, what),
    })),
  };
}

/** Under which the processor is asked now. */
export async function openCredentials(secrets: Secrets, connection: Connection): Promise<Secret<Credentials>> {
  const { own, since } = await openAll(secrets, connection);
  return new Secret(
    replaced(
      own,
      since.map(({ opened }) => opened),
    ),
  );
}

/** With which its notifications may be signed, and the credentials that say how. */
export async function openForVerifying(secrets: Secrets, connection: Connection, nowMs: number) {
  const { own, since } = await openAll(secrets, connection);
  return {
    credentials: new Secret(own),
    signing: signingSecrets(own, since, nowMs).map((secret) => new Secret(secret)),
  };
}
