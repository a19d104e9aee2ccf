// A connection's credentials, opened for verifying and paying through it. They leave here as a secret, and are revealed where
// they are used.

import type { Keyring } from '../kernel/crypto/keyring.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import { Secret } from '../kernel/crypto/secret.ts';
import { Defect } from '../kernel/domain/refusal.ts';
import { credentialsContext } from './credentials_context.ts';
import { type Connection, Credentials } from './domain/connection.ts';

export async function openCredentials(
  secrets: Pick<Keyring, 'open'>,
  connection: Connection,
): Promise<Secret<Credentials>> {
  const { id, credentials: sealed } = connection;
  if (sealed === null) throw new Defect('a connection has no credentials');
  const opened = await secrets.open(sealed, credentialsContext(connection, id));
  return new Secret(parseSealed(Credentials, opened, 'what a connection is used with'));
}
