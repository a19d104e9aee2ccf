// The status of a zone's KMS keys: their rotations, which KMS reports, and the certificates and runs of the rewrapper.

import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { variables } from '../../contract/kernel/environment.ts';
import { type KmsKeyName, kmsKeys, type WrappingKey, wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { rotationLimits } from '../../contract/rotation/limits.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Certificate, RewrapRun } from '../../lambdas/rotation/domain/rewrap.ts';
import { materialsOf } from '../../lambdas/rotation/rewrap/materials.ts';
import { type Records, recordsOf } from '../../lambdas/rotation/store/runs.ts';
import { keyAlias, tableName } from '../../lib/derive/names.ts';
import type { ZoneClients } from './zone_clients.ts';

export interface KeyStatus {
  readonly name: KmsKeyName;
  readonly arn: string;
  readonly wraps: string;
  /** Milliseconds since 1970, as every time here. */
  readonly madeAt: number;
  readonly rotatedAt: number | null;
  readonly days: number;
  readonly dueAt: number;
  /** Null: we re-wrap nothing that it wraps. */
  readonly rewrap: {
    /** Of the newest rotation that has one. */
    readonly certificate: Certificate | null;
    /** The oldest rotation without a certificate, when its certificate is due, and its run. */
    readonly open: { readonly rotatedAt: number; readonly dueAt: number; readonly walk: RewrapRun | null } | null;
  } | null;
}

const dayMs = 86_400_000;
export const isWrapping = (name: KmsKeyName): name is WrappingKey => wrappingKeys.some((key) => key === name);

/** Runs and certificates of one key. */
export function recordsIn({ deployment, dynamodb }: ZoneClients, key: WrappingKey): Promise<Records> {
  const config = readConfig({ [variables.table('maintenance')]: tableName(deployment, 'maintenance') });
  return recordsOf({ config, dynamodb }, key);
}

export async function arnOf(
  { deployment, kms }: ZoneClients,
  name: KmsKeyName,
): Promise<{ arn: string; madeAt: number }> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyAlias(deployment, name) }));
  if (KeyMetadata?.Arn === undefined) throw new Error(`KMS does not return the ARN of ${name}`);
  return { arn: KeyMetadata.Arn, madeAt: KeyMetadata.CreationDate?.getTime() ?? 0 };
}

export async function keyStatus(clients: ZoneClients, name: KmsKeyName): Promise<KeyStatus> {
  const { rotationDays: days, rewrapDays, wraps } = kmsKeys[name];
  const { arn, madeAt } = await arnOf(clients, name);
  const rotations = (await materialsOf({ config: { key: () => arn }, kms: clients.kms }, name)).flatMap(
    ({ id, rotatedMs }) => (rotatedMs === null ? [] : [{ id, rotatedMs }]),
  );
  const rotatedAt = rotations.at(-1)?.rotatedMs ?? null;
  const known = { name, arn, wraps, madeAt, rotatedAt, days, dueAt: (rotatedAt ?? madeAt) + days * dayMs };
  if (rewrapDays === null || !isWrapping(name)) return { ...known, rewrap: null };
  const table = tableName(clients.deployment, 'data_keys');
  const records = await recordsIn(clients, name);
  const certificates = records.certificates.filter((each) => each.table === table);
  const open = rotations.find(({ id }) => !certificates.some(({ material }) => material === id));
  return {
    ...known,
    rewrap: {
      certificate: certificates.at(-1) ?? null,
      open: open
        ? {
            rotatedAt: open.rotatedMs,
            dueAt: open.rotatedMs + rewrapDays * dayMs,
            walk: records.runs.find((run) => run.material === open.id && run.table === table) ?? null,
          }
        : null,
    },
  };
}

/** Which promises about the key are late, in words; empty: none. */
export function latenessOf({ dueAt, rewrap }: KeyStatus, nowMs: number): string[] {
  return [
    ...(nowMs > dueAt + rotationLimits.graceDays * dayMs ? ['rotation is late'] : []),
    ...(rewrap?.open && nowMs > rewrap.open.dueAt ? ['re-wrapping is late'] : []),
  ];
}
