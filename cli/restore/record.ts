// The dated record of what came of backups, copies and restores of a zone's tables: AWS Backup's events, which two rules write into a
// log (lib/stacks/recovery.ts). AWS Backup sends them as best it can, so what is not in it may still have happened: it is late, not failed.

import { type TableName, tables } from '../../contract/capabilities.ts';
import { backupLimits } from '../../contract/kernel/limits.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { logGroupName, tableName, type ZoneDeployment } from '../../lib/derive/names.ts';
import { type Aws, AwsFailure } from '../aws/client.ts';

/** AWS Backup user guide, "Monitoring AWS Backup events using Amazon EventBridge" (known, not looked up). */
const kinds = {
  'Backup Job State Change': 'backup',
  'Copy Job State Change': 'copy',
  'Restore Job State Change': 'restore test',
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

export interface Ended {
  readonly kind: Kind;
  /** RFC 3339. */
  readonly at: string;
  readonly state: string;
  readonly message: string;
  /** ARN of the table that was copied or restored. */
  readonly of: string;
}

const dayMs = 24 * 3_600_000;
const mostPages = 200;
/** A restore test a quarter, and a week in which it may start and end. */
export const overdueDays = { backup: 2, copy: 2, 'restore test': 92 + 7 } as const satisfies Record<Kind, number>;

export interface TableRecord {
  readonly table: TableName;
  readonly last: Readonly<Partial<Record<Kind, Ended>>>;
  /** What is late, or failed last. */
  readonly wrong: readonly string[];
}

/** Those that are in the daily backup. */
const backedUp = (Object.entries(tables) as [TableName, Table][]).flatMap(([name, { unbackedBecause }]) =>
  unbackedBecause === undefined ? [name] : [],
);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Null: no event of this kind. */
export function endedIn(message: string): Ended | null {
  let event: { readonly time?: unknown; readonly 'detail-type'?: unknown; readonly detail?: Record<string, unknown> };
  try {
    event = JSON.parse(message);
  } catch {
    return null;
  }
  const kind = kinds[text(event['detail-type']) as keyof typeof kinds];
  const { detail = {} } = event;
  if (kind === undefined) return null;
  return {
    kind,
    at: text(event.time),
    state: text(detail.state) || text(detail.status),
    message: text(detail.statusMessage),
    of: text(detail.sourceResourceArn) || text(detail.resourceArn),
  };
}

/** Newest last. Throws where the log can't be read whole. */
export async function readRecord(aws: Aws, deployment: ZoneDeployment, now: Date): Promise<readonly Ended[]> {
  const all: Ended[] = [];
  let nextToken: unknown;
  for (let page = 0; page < mostPages; page += 1) {
    const startTime = now.getTime() - 2 * overdueDays['restore test'] * dayMs;
    const asked = { logGroupName: logGroupName(deployment, 'recovery'), startTime, ...(page > 0 && { nextToken }) };
    const answer = await aws.json('logs', deployment.region, 'Logs_20140328.FilterLogEvents', asked);
    const events = Array.isArray(answer.events) ? (answer.events as { readonly message?: unknown }[]) : [];
    all.push(...events.flatMap(({ message }) => endedIn(text(message)) ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined || nextToken === null) return all.sort((one, other) => (one.at < other.at ? -1 : 1));
  }
  throw new AwsFailure('too long', `the record has more than ${mostPages} pages`);
}

export function recordOf(ended: readonly Ended[], deployment: ZoneDeployment, now: Date): readonly TableRecord[] {
  return backedUp.map((table) => {
    const arnEnd = `:table/${tableName(deployment, table)}`;
    const own = ended.filter(({ of }) => of.endsWith(arnEnd));
    const kindsOf = deployment.otherRegion === undefined ? (['backup', 'restore test'] as const) : Object.values(kinds);
    const last: Partial<Record<Kind, Ended>> = {};
    const wrong: string[] = [];
    for (const kind of kindsOf) {
      const newest = own.findLast((each) => each.kind === kind);
      const good = own.findLast((each) => each.kind === kind && each.state === 'COMPLETED');
      if (good !== undefined) last[kind] = good;
      if (newest !== undefined && newest.state !== 'COMPLETED')
        wrong.push(`${kind}: ${newest.state} on ${newest.at.slice(0, 10)} ${newest.message}`.trim());
      const age = good === undefined ? Number.POSITIVE_INFINITY : (now.getTime() - Date.parse(good.at)) / dayMs;
      if (age > overdueDays[kind])
        wrong.push(`${kind}: ${Number.isFinite(age) ? `none for ${Math.floor(age)} days` : 'none on record'}`);
    }
    return { table, last, wrong };
  });
}

const day = (ended: Ended | undefined): string => ended?.at.slice(0, 10) ?? '-';

/** For a terminal, and for a page that shows it: a table in Markdown. */
export function recordLines(records: readonly TableRecord[], { stage, zone }: ZoneDeployment, now: Date): string[] {
  const width = Math.max(...records.map(({ table }) => table.length), 'table'.length);
  const row = (cells: readonly string[]): string =>
    `| ${[cells[0]?.padEnd(width), ...cells.slice(1).map((cell) => cell.padEnd(12))].join(' | ')} |`;
  return [
    `Recovery of ${stage}-${zone}, as of ${now.toISOString()}: the last that completed`,
    '',
    row(['table', 'backup', 'copy', 'restore test']),
    `|${'-'.repeat(width + 2)}|${'-'.repeat(14)}|${'-'.repeat(14)}|${'-'.repeat(14)}|`,
    ...records.map(({ table, last }) => row([table, day(last.backup), day(last.copy), day(last['restore test'])])),
    '',
    ...records.flatMap(({ table, wrong }) => wrong.map((each) => `${table}: ${each}`)),
    `The record goes back ${backupLimits.recordDays} days at most. Late: a backup or copy after ${overdueDays.backup} days, a restore test after ${overdueDays['restore test']}.`,
  ];
}
