// Keys, secrets and certificates as lines for a person.

import { type PlatformSecretName, platformSecrets } from '../../contract/kernel/kms_keys.ts';
import type { Certificate, RewrapRun } from '../../lambdas/rotation/domain/rewrap.ts';
import { isLate, type SecretStatus } from '../secrets/secret_status.ts';
import { type KeyStatus, latenessOf } from './key_status.ts';

const dayMs = 86_400_000;
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);
const age = (sinceMs: number, nowMs: number): string => days(Math.max(0, Math.floor((nowMs - sinceMs) / dayMs)));

const widths = [9, 10, 10, 12] as const;
const row = (...cells: readonly string[]): string =>
  cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join('  ')
    .trimEnd();
const below = (text: string): string => `${' '.repeat(widths[0] + 2)}${text}`;

export const progressOf = ({ pass, records, found_old }: RewrapRun): string =>
  `pass ${pass}, ${records} data keys read, ${found_old} under older material`;

function rewrapOf(rewrap: KeyStatus['rewrap']): string {
  if (rewrap === null) return 'nothing to re-wrap: AWS services store what it wraps';
  const { certificate, open } = rewrap;
  const certified = certificate && `re-wrapped after ${certificate.rotated_at.slice(0, 10)}: ${shortOf(certificate)}`;
  if (open === null) return certified ?? 'not rotated yet';
  const walk = open.walk ? progressOf(open.walk) : 'no run yet';
  const waiting = `rotated ${date(open.rotatedAt)}, to be re-wrapped by ${date(open.dueAt)} (${walk})`;
  return certified === null ? waiting : `${waiting}; ${certified}`;
}

const shortOf = ({ rewrapped, records_before, left }: Certificate): string =>
  `${rewrapped} of ${records_before} data keys, ${left} left`;

const lateness = (words: readonly string[]): string => (words.length === 0 ? 'in time' : `LATE: ${words.join(', ')}`);

export const statusLines = (keys: readonly KeyStatus[], secrets: readonly SecretStatus[], nowMs: number): string[] => [
  row('KMS KEY', 'AGE', 'EVERY', 'NEXT DUE', ''),
  ...keys.flatMap((key) => [
    row(
      key.name,
      age(key.rotatedAt ?? key.madeAt, nowMs),
      days(key.days),
      date(key.dueAt),
      lateness(latenessOf(key, nowMs)),
    ),
    below(`wraps ${key.wraps}`),
    below(rewrapOf(key.rewrap)),
  ]),
  '',
  row('SECRET', 'AGE', 'EVERY', 'NEXT DUE', ''),
  ...secrets.flatMap((secret) => [
    row(
      secret.name,
      age(secret.rotatedAt ?? secret.createdAt, nowMs),
      secret.days === null ? 'never' : days(secret.days),
      secret.dueAt === null ? '–' : date(secret.dueAt),
      lateness(isLate(secret, nowMs) ? ['rotation is late'] : []),
    ),
    below(platformSecrets[secret.name as PlatformSecretName].purpose),
  ]),
];

export const certificateLines = (certificate: Certificate): string[] => {
  const { id, zone, key, key_arn, rotated_at, started_at, ended_at, table, passes, records, unused_since } =
    certificate;
  return [
    `${id}  ${zone} ${key}, rotated ${rotated_at}`,
    `  key      ${key_arn}`,
    `  table    ${table}`,
    `  walked   ${started_at} to ${ended_at}, ${passes} passes over ${records} data keys`,
    `  result   ${shortOf(certificate)} under older material, which is unused since ${unused_since}`,
  ];
};
