// Carries a restore out: side by side, under new names, and never over a table that is there. Whatever stops it, the same command
// goes on: a table that was restored by it from the same point in time is taken as it is.

import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { Usage } from '../command_line.ts';
import { eraseAgain } from './erase_again.ts';
import { type Operation, send } from './operations.ts';
import { isNewest, type RestoredTable, type RestorePlan } from './plan.ts';
import type { RestorePorts } from './ports.ts';
import { verify } from './verify.ts';

export interface Restored {
  readonly erasedAgain: number;
  /** Objects that were made or changed after the point in time. */
  readonly behind: readonly string[];
  /** Seconds, by table. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly totalSeconds: number;
}

/** A restore takes as long as its largest table; most are there within an hour (DynamoDB guide, known, not looked up). */
const mostHours = 24;
const lookMs = 10_000;

/** Throws a Usage where a table can't be restored, or what was restored does not fit together. */
export async function runRestore(ports: RestorePorts, plan: RestorePlan): Promise<Restored> {
  const startedMs = ports.elapsedMs();
  const missing = await tablesToMake(ports, plan);
  for (const { input } of plan.restore.operations as readonly Restore[]) {
    if (!missing.has(input.TargetTableName ?? '')) continue;
    await sendOrExplain(ports, { call: 'RestoreTableToPointInTime', input });
    ports.say(`  begun   ${input.TargetTableName}`);
  }
  const seconds = await waitForAll(ports, plan, startedMs);
  for (const operation of plan.settings.operations) await apply(ports, operation);
  ports.say('  Expiry, recovery, streams and replicas are as they were.');
  const erasedAgain = await eraseAgain(ports, plan);
  const behind = await verify(ports, plan);
  return { erasedAgain, behind, seconds, totalSeconds: (ports.elapsedMs() - startedMs) / 1000 };
}

type Restore = Extract<Operation, { readonly call: 'RestoreTableToPointInTime' }>;

const named = (thrown: unknown, ...names: readonly string[]): boolean =>
  thrown instanceof Error && names.includes(thrown.name);

const describe = async ({ dynamodb }: RestorePorts, TableName: string) => {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (thrown) {
    if (named(thrown, 'ResourceNotFoundException')) return undefined;
    throw thrown;
  }
};

/** The names of those that are not there yet. Before anything is made, everything that would stop it is found. */
async function tablesToMake(ports: RestorePorts, { at, restored }: RestorePlan): Promise<ReadonlySet<string>> {
  const faults: string[] = [];
  const missing = new Set<string>();
  for (const each of restored) {
    const there = await describe(ports, each.to);
    if (there === undefined) {
      missing.add(each.to);
      faults.push(...(await unrestorable(ports, each, at)));
      continue;
    }
    const { SourceTableArn = '', RestoreDateTime } = there.RestoreSummary ?? {};
    const isSame = SourceTableArn.endsWith(`:table/${each.from}`);
    const isOfThen = isNewest(each.table) || Math.abs((RestoreDateTime?.getTime() ?? 0) - at.getTime()) < 1_000;
    if (!isSame || !isOfThen) faults.push(`${each.to} is there, and is not ${each.from} of that time.`);
  }
  if (faults.length > 0) throw new Usage(`Nothing was restored:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return missing;
}

async function unrestorable({ dynamodb }: RestorePorts, { table, from }: RestoredTable, at: Date): Promise<string[]> {
  try {
    const { ContinuousBackupsDescription } = await dynamodb.send(
      new DescribeContinuousBackupsCommand({ TableName: from }),
    );
    const { PointInTimeRecoveryStatus, EarliestRestorableDateTime, LatestRestorableDateTime } =
      ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
    if (PointInTimeRecoveryStatus !== 'ENABLED') return [`${from} has no point-in-time recovery.`];
    const [earliest, latest] = [EarliestRestorableDateTime, LatestRestorableDateTime];
    const within = isNewest(table) || (earliest && latest && at >= earliest && at <= latest);
    return within ? [] : [`${from} can be restored from ${earliest?.toISOString()} to ${latest?.toISOString()}.`];
  } catch (thrown) {
    if (!named(thrown, 'TableNotFoundException', 'ResourceNotFoundException')) throw thrown;
    return [`${from} is not there: restore it from its system backup or the vault, as ${from}, and begin again.`];
  }
}

async function waitForAll(ports: RestorePorts, { restored }: RestorePlan, startedMs: number) {
  const seconds: Record<string, number> = {};
  while (Object.keys(seconds).length < restored.length) {
    for (const { table, to } of restored) {
      if (seconds[table] !== undefined || (await describe(ports, to))?.TableStatus !== 'ACTIVE') continue;
      seconds[table] = (ports.elapsedMs() - startedMs) / 1000;
      ports.say(`  there   ${to} after ${seconds[table].toFixed(0)} s`);
    }
    if (Object.keys(seconds).length === restored.length) break;
    if (ports.elapsedMs() - startedMs > mostHours * 3_600_000)
      throw new Usage(`Tables are still being restored after ${mostHours} hours. The same command goes on waiting.`);
    await ports.sleep(lookMs);
  }
  return seconds;
}

/** What is so already may be told so again. */
async function apply(ports: RestorePorts, operation: Operation): Promise<void> {
  const table = await describe(ports, nameIn(operation));
  if (operation.call === 'UpdateTable') {
    const { StreamSpecification, ReplicaUpdates } = operation.input;
    if (StreamSpecification && table?.StreamSpecification?.StreamEnabled) return;
    const region = ReplicaUpdates?.[0]?.Create?.RegionName;
    if (region && table?.Replicas?.some(({ RegionName }) => RegionName === region)) return;
  }
  for (let looks = 0; ; looks += 1) {
    try {
      await send(ports.dynamodb, operation);
      return;
    } catch (thrown) {
      if (named(thrown, 'ValidationException') && /already enabled/i.test((thrown as Error).message)) return;
      // One change of a table at a time.
      if (!named(thrown, 'ResourceInUseException', 'LimitExceededException') || looks > 360)
        throw explained(thrown, operation);
      await ports.sleep(lookMs);
    }
  }
}

async function sendOrExplain({ dynamodb }: RestorePorts, operation: Operation): Promise<void> {
  try {
    await send(dynamodb, operation);
  } catch (thrown) {
    // Of an earlier call of this command whose answer was lost.
    if (!named(thrown, 'TableAlreadyExistsException')) throw explained(thrown, operation);
  }
}

const nameIn = ({ input }: Operation): string =>
  ('TargetTableName' in input ? input.TargetTableName : 'TableName' in input ? input.TableName : undefined) ?? '';

const explained = (thrown: unknown, operation: Operation): unknown =>
  thrown instanceof Error
    ? new Usage(
        `${operation.call} of ${nameIn(operation)}: ${thrown.name}: ${thrown.message}\nWhat was restored stays. The same command goes on.`,
      )
    : thrown;
