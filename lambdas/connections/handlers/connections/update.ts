// Changes a connection: its metadata, or credentials that were rolled at the processor. New ones are sealed beside the old, which
// this function cannot open: whoever uses them takes the newest.

import { updateConnection as operation } from '../../../../contract/connections/operations.ts';
import { changedFields } from '../../../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { change } from '../../../kernel/operation/change.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import type { Ports } from '../../../kernel/operation/ports.ts';
import { base32 } from '../../../kernel/platform/ids.ts';
import { credentialsContext } from '../../credentials_context.ts';
import {
  type Connection,
  updateConnection as decide,
  isOfOtherMode,
  type ReplacedCredentials,
  type Replacement,
  replacedIn,
} from '../../domain/connection.ts';
import { connectionRow, withHealth } from '../../store.ts';

type UpdatePorts = CreatePorts & Pick<Ports, 'secretSealer'>;

export const updateConnection = change(
  operation,
  connectionRow,
  async (connection: Connection, { body }, ports: UpdatePorts) => {
    if (connection.status === 'deleted') throw notFound(connectionRow.kind);
    if (body.provider !== connection.provider) {
      const detail = 'Expected the provider of the connection';
      throw new Refusal('request_invalid', { findings: [{ pointer: '/provider', detail }] });
    }
    const credentials = replacedIn(body);
    if (isOfOtherMode(connection, credentials)) {
      const findings = [
        { pointer: '/api_key', detail: `Expected a credential of the provider’s ${connection.mode} mode` },
      ];
      throw new Refusal('credentials_of_other_mode', { findings });
    }
    const { metadata } = body;
    const fields = await changedFields(ports.keyring, connection, { metadata });
    return decide(connection, fields, await sealed(ports, connection, credentials), ports.platform.clock());
  },
  withHealth,
);

/** Null: no credential was sent. */
async function sealed(
  { platform, secretSealer, digests }: UpdatePorts,
  connection: Connection,
  credentials: ReplacedCredentials,
): Promise<Replacement | null> {
  const fields = Object.keys(credentials) as (keyof ReplacedCredentials)[];
  if (fields.length === 0) return null;
  const id = base32(platform.random(10));
  return {
    id,
    at_ms: platform.clock(),
    fields,
    sealed: await secretSealer.seal(JSON.stringify(credentials), credentialsContext(connection, connection.id, id)),
    digest: await digests.of([connection.id, credentials]),
  };
}
