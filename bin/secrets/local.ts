// A zone's secrets in the local cloud, which tells everything but their values. Loopback only.

import * as v from 'valibot';
import { type PlatformSecretName, platformSecrets } from '../../contract/keys.ts';
import { url } from '../../local/addresses.ts';
import { Usage } from '../command_line.ts';
import type { KnownSecret, Secrets } from './known.ts';

const Told = v.object({
  secrets: v.array(
    v.object({
      name: v.string(),
      current: v.string(),
      versions: v.array(v.string()),
      createdAt: v.number(),
      rotatedAt: v.nullable(v.number()),
      days: v.nullable(v.number()),
      dueAt: v.nullable(v.number()),
      pending: v.boolean(),
    }),
  ),
});

const callMs = 10_000;
const ms = (seconds: number | null): number | null => seconds && seconds * 1000;

export function localSecrets(controlPort: number, zone: string): Secrets {
  const ask = async (method: string, path: string): Promise<unknown> => {
    const asked = fetch(`${url(controlPort)}${path}?zone=${zone}`, { method, signal: AbortSignal.timeout(callMs) });
    const response = await asked.catch(() => {
      throw new Usage('The local cloud does not answer: is npm start running?');
    });
    if (response.ok) return response.json();
    throw new Usage(`The local cloud has no such secret in the zone ${zone}.`);
  };
  return {
    async known() {
      const { secrets } = v.parse(Told, await ask('GET', '/secrets'));
      return (Object.keys(platformSecrets) as PlatformSecretName[]).flatMap((name): KnownSecret[] => {
        const told = secrets.find((each) => each.name.endsWith(`-${name}`));
        if (told === undefined) return [];
        const { createdAt, rotatedAt, dueAt } = told;
        return [{ ...told, name, createdAt: createdAt * 1000, rotatedAt: ms(rotatedAt), dueAt: ms(dueAt) }];
      });
    },
    rotate: async (name) => void (await ask('POST', `/secrets/${name}/rotate`)),
  };
}
