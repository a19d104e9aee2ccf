// Functions that can feed themselves: through queues Lambda counts and stops them, through streams nobody does. Each such loop
// is known, and what bounds it is named.

import { expect, it } from 'vitest';
import { type FunctionName, type FunctionRow, functions, queues } from '../../contract/capabilities.ts';

interface Edge {
  readonly to: FunctionName;
  readonly by: string;
}

const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
const writes = ['PutItem', 'UpdateItem', 'PartiQLInsert'];

/** What an invocation of a function can set in motion. */
const edgesOf = ({ sends = [], tables }: FunctionRow): Edge[] =>
  rows.flatMap(([to, { trigger }]): Edge[] => {
    if (trigger.kind === 'queue') return sends.includes(trigger.queue) ? [{ to, by: `queue ${trigger.queue}` }] : [];
    if (trigger.kind !== 'streams') return [];
    return tables
      .filter(({ table, verbs }) => trigger.tables.includes(table) && verbs.some((verb) => writes.includes(verb)))
      .map(({ table }) => ({ to, by: `stream ${table}` }));
  });

const edges = new Map(rows.map(([name, row]) => [name, edgesOf(row)]));

/** Every simple loop from a function back to it, as what happens in it; each loop once, from its first function by name. */
function loops(): string[] {
  const found = new Set<string>();
  const walk = (
    start: FunctionName,
    at: FunctionName,
    path: readonly string[],
    seen: ReadonlySet<FunctionName>,
  ): void => {
    for (const { to, by } of edges.get(at) ?? []) {
      const longer = [...path, `${at} -> ${by}`];
      if (to === start) found.add(longer.join(' -> '));
      else if (to > start && !seen.has(to)) walk(start, to, longer, new Set([...seen, to]));
    }
  };
  for (const [name] of rows) walk(name, name, [], new Set([name]));
  return [...found].sort();
}

const bounds: Readonly<Record<string, string>> = {
  'deliver -> queue deliveries': 'hopsMax of the queue: then rows are due, and the schedule begins a new chain',
  'deliver -> stream webhooks -> relay -> queue deliveries':
    'facts of deliver are about endpoints and deliveries: an endpoint hears of neither its own, nor how messages about deliveries fared',
  'lost_updates -> stream payments':
    'its event filter lets through rows that another region replaced alone; what it writes is inserted, and replaces none',
  'processor_events -> stream processor_events':
    'its event filter lets through what was just received alone; what it writes is no longer that',
};

it('every loop of functions is known, with what bounds it', () => {
  expect(loops()).toEqual(Object.keys(bounds).sort());
});

it('[WHK-2] every queue whose consumer can feed it has a bound on its chains', () => {
  const fed = loops().flatMap((loop) => [...loop.matchAll(/queue (\w+)/g)].map(([, queue]) => queue));
  expect(fed.length).toBeGreaterThan(0);
  for (const [name, { hopsMax }] of Object.entries(queues)) if (fed.includes(name)) expect(hopsMax).toBeGreaterThan(0);
});
