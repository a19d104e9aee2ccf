// Whether what was restored fits together: each fact that a row bears is in the trail, as an audit entry. And what was made or changed
// after the point in time, which the trail alone knows: a processor may have moved money for it.

import { type TableName, tables } from '../../contract/capabilities.ts';
import { isRelayed, type Table } from '../../contract/kernel/table.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { Usage } from '../command_line.ts';
import type { RestorePlan } from './plan.ts';
import type { RestorePorts } from './ports.ts';
import { rowsOf } from './rows.ts';

const bodyOf = (id: string): string => id.slice(id.indexOf('_') + 1);
const shown = 10;

const nameIn = ({ restored }: RestorePlan, name: TableName): string =>
  restored.find(({ table }) => table === name)?.to ?? '';

/** Reads every row once, and holds their ids. Gives the objects whose rows are behind their events. */
export async function verify({ dynamodb, say }: RestorePorts, plan: RestorePlan): Promise<readonly string[]> {
  const entries = new Set<string>();
  for await (const { sk, outcome } of rowsOf(dynamodb, nameIn(plan, 'audit'), ['sk', 'outcome']))
    if (outcome?.S === 'committed') entries.add(bodyOf(sk?.S ?? ''));
  const untold: string[] = [];
  const rows = new Map<string, number>();
  let facts = 0;
  for (const { table, to } of plan.restored) {
    if (!isRelayed(tables[table] as Table)) continue;
    for await (const { fact, id: object, sequence } of rowsOf(dynamodb, to, ['fact', 'id', 'sequence'])) {
      if (object?.S !== undefined) rows.set(object.S, Number(sequence?.N ?? 0));
      const id = fact?.M?.id?.S;
      if (id === undefined) continue;
      facts += 1;
      if (!entries.has(bodyOf(id))) untold.push(`${fact?.M?.aggregate_id?.S} (${fact?.M?.type?.S}, ${fact?.M?.at?.S})`);
    }
  }
  if (untold.length > 0)
    throw new Usage(
      `${untold.length} of ${facts} facts are in no audit entry, which no relay tells any more:\n${untold
        .slice(0, shown)
        .map((each) => `  ${each}`)
        .join('\n')}\nChoose an earlier point in time, or write them down.`,
    );
  say(`  Each of ${facts} facts has its audit entry; the trail holds ${entries.size}.`);
  return tellOfLater({ dynamodb, say }, plan, rows);
}

/** How far each object had come, by its events: those whose rows are behind were made or changed after the point in time. */
async function tellOfLater(
  { dynamodb, say }: Pick<RestorePorts, 'dynamodb' | 'say'>,
  plan: RestorePlan,
  rows: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const last = new Map<string, number>();
  for await (const { aggregate_id, sequence } of rowsOf(dynamodb, nameIn(plan, 'events'), [
    'aggregate_id',
    'sequence',
  ])) {
    const id = aggregate_id?.S ?? '';
    last.set(id, Math.max(last.get(id) ?? 0, Number(sequence?.N)));
  }
  const behind = [...last].flatMap(([id, sequence]) => (sequence > (rows.get(id) ?? 0) ? [id] : []));
  if (behind.length === 0) say('  Nothing was made or changed after that point in time.');
  else {
    const payments = behind.filter((id) => id.startsWith(`${idPrefixes.payment}_`));
    say(`  ${behind.length} objects were made or changed after ${plan.at.toISOString()}, and are behind their events.`);
    say(`  Of these ${payments.length} are payments: compare them with their processors, for money may have moved.`);
    for (const payment of payments.slice(0, shown)) say(`    ${payment}`);
    if (payments.length > shown) say(`    and ${payments.length - shown} more`);
  }
  return behind;
}
