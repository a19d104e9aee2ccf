// What grows is bounded, and its bound has a name: every list and table of values within a stored row, every number of rows that
// is read whole, and every query. The rows are found in the stores, so that a new one without a bound fails here.

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectionLimits } from '../../../contract/connections/limits.ts';
import { customerLimits } from '../../../contract/customers/limits.ts';
import { awsLimits, requestLimits } from '../../../contract/kernel/limits.ts';
import { scopes } from '../../../contract/kernel/vocabulary.ts';
import { moneyLimits, payerLimits } from '../../../contract/payments/limits.ts';
import { ingressLimits, processorEventLimits } from '../../../contract/processor_events/limits.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { keyLimits, tenantLimits } from '../../../contract/tenants/limits.ts';
import { webhookLimits } from '../../../contract/webhooks/limits.ts';

const root = new URL('../../../', import.meta.url);

/** Of each list within a row: the limit that bounds it, which is in the contract. */
const bounds: Readonly<Record<string, number>> = {
  'webhooks deliveryRow.attempts': 1 + webhookLimits.retryOffsetsMs.length + webhookLimits.manualRetries,
  'webhooks endpointRow.events': webhookLimits.eventFilters,
  'webhooks endpointRow.secrets': webhookLimits.secrets,
  'webhooks subscriptionsRow.endpoints': webhookLimits.endpoints,
  'webhooks subscriptionsRow.endpoints[].events': webhookLimits.eventFilters,
  'tenants keyRow.scopes': scopes.length,
  'tenants keyRow.made': keyLimits.keysMade,
  'tenants keyRow.allowed_addresses': requestLimits.allowedAddresses,
  /** Read from one body, and together no longer than this. */
  'processor_events processorEventRow.notifications': ingressLimits.notificationsBytes,
  'payments paymentRow.next_action.fields': payerLimits.formFields,
  'processor_events processorEventRow.notifications[].effect.fields': payerLimits.formFields,
  'payments paymentRow.disputes': processorEventLimits.disputesPerPayment,
  'payments paymentRow.executions': moneyLimits.executions,
  'payments paymentRow.failed_executions': moneyLimits.executions,
  'payments lostUpdateRow.written.disputes': processorEventLimits.disputesPerPayment,
  'payments lostUpdateRow.modification.executions': moneyLimits.executions,
  'payments lostUpdateRow.modification.failed_executions': moneyLimits.executions,
  'payments lostUpdateRow.written.executions': moneyLimits.executions,
  'payments lostUpdateRow.written.failed_executions': moneyLimits.executions,
  'payments modificationRow.executions': moneyLimits.executions,
  'payments modificationRow.failed_executions': moneyLimits.executions,
  'providers defaultsRow.currencies': connectionLimits.defaultCurrencies,
  'providers defaultsRow.currencies{}': connectionLimits.defaultsPerCurrency,
  'providers connectionRow.replacements': connectionLimits.replacements,
  /** The credentials that there are. */
  'providers connectionRow.replacements[].fields': 5,
  'subjects customerRow.payment_methods': customerLimits.paymentMethods,
};

/** Of the rows of each type: how many one owner's read takes at most, or that they are only ever read a page at a time. */
const reads: Readonly<Record<string, number | 'alone' | 'paged'>> = {
  'webhooks deliveryRow': 'paged',
  'webhooks endpointRow': webhookLimits.endpoints,
  'webhooks replayRow': 'alone',
  'webhooks secretRow': 'alone',
  'webhooks subscriptionsRow': 'alone',
  'webhooks testRow': 'alone',
  'tenants keyRow': 'paged',
  'tenants operatorRow': 'alone',
  'tenants tenantRow': 'alone',
  'maintenance certificateRow': 'paged',
  'processor_events processorEventRow': 'paged',
  'payments modificationRow': moneyLimits.modificationsPerKind,
  'tenants businessRow': 'alone',
  'tenants capabilityRow': tenantLimits.capabilityCopies,
  'payments paymentRow': 'paged',
  'payments lostUpdateRow': 'paged',
  'subjects customerRow': 'paged',
  'subjects savedMethodRow': customerLimits.paymentMethods,
  'subject_keys subjectKeyRow': 'alone',
  'providers connectionRow': connectionLimits.connections,
  'providers healthRow': 'alone',
  'providers defaultsRow': 'alone',
};

/** Queries that are gone on with to their end, and what ends them. */
const wholeQueries: Readonly<Record<string, string>> = {
  'lambdas/rotation/store/named_versions.ts': 'the platform’s own look for an old version: the time of its invocation',
  'lambdas/rotation/store/runs.ts': `the platform’s own records: ${rewrapLimits.recordPages} pages, then a defect`,
};

interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly wrapped?: Schema;
  readonly value?: Schema;
  readonly options?: readonly unknown[];
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && 'type' in value;

/** Paths of all that can hold any number of values. */
function growing(schema: Schema, path: string): string[] {
  const { type, entries = {}, item, wrapped, value, options = [] } = schema;
  return [
    ...(type === 'array' || type === 'record' ? [path] : []),
    ...Object.entries(entries).flatMap(([name, each]) => growing(each, `${path}.${name}`)),
    ...(item ? growing(item, `${path}[]`) : []),
    ...(wrapped ? growing(wrapped, path) : []),
    ...(type === 'record' && value ? growing(value, `${path}{}`) : []),
    ...options.filter(isSchema).flatMap((each) => growing(each, path)),
  ];
}

async function rowTypes(): Promise<readonly (readonly [string, Schema])[]> {
  const files = globSync(['lambdas/**/store.ts', 'lambdas/**/store/*.ts'], { cwd: root });
  const modules: object[] = await Promise.all(files.map((file) => import(new URL(file, root).href)));
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, row]) =>
      typeof row === 'object' && row !== null && 'table' in row && 'schema' in row && 'key' in row
        ? [[`${row.table} ${name}`, row.schema as Schema] as const]
        : [],
    ),
  );
}

describe('what a tenant can make without end', () => {
  it('lies in no row: every list within one has its limit', async () => {
    const found = (await rowTypes()).flatMap(([name, schema]) => growing(schema, name));
    expect([...new Set(found)].sort()).toEqual(Object.keys(bounds).sort());
    for (const limit of Object.values(bounds)) expect(Number.isFinite(limit) && limit > 0).toBe(true);
  });

  it('is read a page at a time, or is no more than one call takes', async () => {
    expect((await rowTypes()).map(([name]) => name).sort()).toEqual(Object.keys(reads).sort());
    for (const [name, most] of Object.entries(reads)) {
      if (typeof most === 'number') expect(most, name).toBeLessThanOrEqual(awsLimits.batchGetItems);
    }
  });

  it('is never queried whole: every query and scan names its limit', () => {
    const unlimited = globSync('lambdas/**/*.ts', { cwd: root }).flatMap((file) => {
      const [, ...commands] = readFileSync(new URL(file, root), 'utf8').split(/new (?:Query|Scan)Command\(/);
      // To the end of the command's input.
      return commands.some((command) => !/\bLimit\b/.test(command.split(/\n\s*\}\),\n/)[0] ?? '')) ? [file] : [];
    });
    expect(unlimited.sort()).toEqual(Object.keys(wholeQueries).sort());
  });
});
