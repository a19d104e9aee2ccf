// The KMS keys of a zone: those of its templates, with key material that is made once and kept in the state folder.

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { StateFolder } from '../state.ts';
import type { KmsKey } from './kms.ts';

const Material = v.record(v.string(), v.pipe(v.string(), v.base64()));
const Alias = v.object({ AliasName: v.string(), TargetKeyId: v.string() });

export const zoneKeys = async (deployment: Deployment, state: StateFolder): Promise<KmsKey[]> => {
  const file = `kms-${deployment.zone}.json`;
  const kept = (await state.read(file, Material)) ?? {};
  const aliases = deployment.of('AWS::KMS::Alias').map((alias) => v.parse(Alias, alias.properties()));
  const keys = deployment.of('AWS::KMS::Key').map(({ physical }): KmsKey => {
    const arn = physical.attributes.Arn ?? '';
    const material = kept[arn] === undefined ? randomBytes(32) : Buffer.from(kept[arn], 'base64');
    const own = aliases.filter(({ TargetKeyId }) => TargetKeyId === arn || TargetKeyId === physical.ref);
    return { arn, id: physical.ref, aliases: own.map(({ AliasName }) => AliasName), material };
  });
  if (keys.some(({ arn }) => kept[arn] === undefined)) {
    const made = Object.fromEntries(keys.map(({ arn, material }) => [arn, material.toString('base64')]));
    await state.write(file, { ...kept, ...made });
  }
  return keys;
};
