// A connection's credentials, opened for whoever verifies or pays through it. They leave here as a secret, and are revealed
// where they are used.

import * as v from 'valibot';
import type { Keyring } from '../crypto/keyring.ts';
import { Secret } from '../crypto/secret.ts';
import { type Connection, Credentials } from '../domain/connection.ts';
import { Defect } from '../domain/refusal.ts';
import { credentialsPlace } from './credentials_place.ts';

const Opened = v.pipe(v.string(), v.parseJson(), Credentials);

export async function openCredentials(
  secrets: Pick<Keyring, 'open'>,
  connection: Connection,
): Promise<Secret<Credentials>> {
  const { id, credentials: sealed } = connection;
  if (sealed === null) throw new Defect('a connection has no credentials');
  const opened = v.safeParse(Opened, await secrets.open(sealed, credentialsPlace(connection, id)));
  if (!opened.success) throw new Defect('a connection’s credentials have not their form');
  return new Secret(opened.output);
}
