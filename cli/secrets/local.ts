// A zone's secrets in the local cloud, whose control endpoint shows everything but their values. Loopback only.

import * as v from 'valibot';
import { type PlatformSecretName, platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { url } from '../../local/cloud/addresses.ts';
import { SecretMetadata } from '../../local/cloud/secret_metadata.ts';
import { Usage } from '../command_line.ts';
import type { SecretStatus, ZoneSecrets } from './secret_status.ts';

const SecretsReply = v.object({ secrets: v.array(SecretMetadata) });

const callMs = 10_000;

export function localSecrets(controlPort: number, zone: string): ZoneSecrets {
  const ask = async (method: string, path: string): Promise<unknown> => {
    const asked = fetch(`${url(controlPort)}${path}?zone=${zone}`, { method, signal: AbortSignal.timeout(callMs) });
    const response = await asked.catch(() => {
      throw new Usage('The local cloud does not answer: is npm start running?');
    });
    if (response.ok) return response.json();
    throw new Usage(`The local cloud has no such secret in the zone ${zone}.`);
  };
  return {
    async statuses() {
      const { secrets } = v.parse(SecretsReply, await ask('GET', '/secrets'));
      return (Object.keys(platformSecrets) as PlatformSecretName[]).flatMap((name): SecretStatus[] => {
        const metadata = secrets.find((each) => each.name.endsWith(`-${name}`));
        return metadata === undefined ? [] : [{ ...metadata, name }];
      });
    },
    rotate: async (name) => void (await ask('POST', `/secrets/${name}/rotate`)),
  };
}
