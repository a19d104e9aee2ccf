// The one list of capabilities. Whoever needs all operations, functions, tables or errors reads them here, in a loop; a handler
// imports its own row. A new capability is written into this file, and into kernel/vocabulary.ts, and nowhere else in contract/.

import * as audit from './audit/index.ts';
import * as canary from './canary/index.ts';
import * as connections from './connections/index.ts';
import * as customers from './customers/index.ts';
import * as docs from './docs/index.ts';
import * as events from './events/index.ts';
import type { Cost, ErrorText, OperationText, ResourceText } from './kernel/description.ts';
import { descriptions as kernelDescriptions, errorTexts as kernelErrorTexts } from './kernel/descriptions.ts';
import { errors as kernelErrors } from './kernel/errors.ts';
import type { EventExample, OperationExample } from './kernel/examples.ts';
import * as kernelFields from './kernel/fields.ts';
import type { FunctionRow as AnyFunction } from './kernel/function.ts';
import type { Operation as AnyOperation } from './kernel/operation.ts';
import { isRelayed, type Table } from './kernel/table.ts';
import { tables as kernelTables } from './kernel/tables.ts';
import type { events as eventTypes, SentEvent } from './kernel/vocabulary.ts';
import * as payments from './payments/index.ts';
import * as processor_events from './processor_events/index.ts';
import * as relay from './relay/index.ts';
import * as rotation from './rotation/index.ts';
import * as tenants from './tenants/index.ts';
import * as webhooks from './webhooks/index.ts';
import * as writer from './writer/index.ts';

/** Lowest first: a capability may use those before it, and none after it (test/architecture). */
export const capabilities = [
  'audit',
  'events',
  'tenants',
  'rotation',
  'customers',
  'connections',
  'processors',
  'payments',
  'processor_events',
  'webhooks',
  'relay',
  'writer',
  'docs',
  'canary',
] as const;

type Joined<Parts> = Parts extends readonly [infer First, ...infer Rest] ? First & Joined<Rest> : unknown;

/** Tables of several capabilities in one. A call, and marked as pure, so that a bundle drops what its function does not use. */
function joined<const Parts extends readonly object[]>(...parts: Parts): Joined<Parts> {
  return Object.assign({}, ...parts);
}

export const errors = /* @__PURE__ */ joined(
  kernelErrors,
  events.errors,
  tenants.errors,
  customers.errors,
  connections.errors,
  payments.errors,
  processor_events.errors,
  webhooks.errors,
);
export type ErrorCode = keyof typeof errors;

export const tables = /* @__PURE__ */ joined(
  kernelTables,
  writer.tables,
  audit.tables,
  events.tables,
  tenants.tables,
  rotation.tables,
  customers.tables,
  connections.tables,
  payments.tables,
  processor_events.tables,
  webhooks.tables,
);
export type TableName = keyof typeof tables;

/** Tables whose facts the relay reads: all that record some. */
const relayedTables = /* @__PURE__ */ namesOfRelayed(tables);

function namesOfRelayed(all: Readonly<Record<TableName, Table>>): readonly TableName[] {
  return (Object.keys(all) as TableName[]).filter((name) => isRelayed(all[name]));
}

/** What the event of a change carries, by the object's `object`; nothing else of a row gets out. */
export const eventObjects = /* @__PURE__ */ joined(
  tenants.eventObjects,
  customers.eventObjects,
  connections.eventObjects,
  payments.eventObjects,
  webhooks.eventObjects,
) satisfies Readonly<Record<(typeof eventTypes)[SentEvent], object>>;

export const queues = /* @__PURE__ */ joined(webhooks.queues);
export type QueueName = keyof typeof queues;

export const functions = /* @__PURE__ */ joined(
  writer.functions,
  audit.functions,
  events.functions,
  tenants.functions,
  rotation.functions,
  customers.functions,
  connections.functions,
  payments.functions,
  processor_events.functions,
  webhooks.functions,
  /* @__PURE__ */ relay.functions(relayedTables),
  docs.functions,
  canary.functions,
) satisfies Readonly<Record<string, AnyFunction<TableName, QueueName>>>;
export type FunctionName = keyof typeof functions;
export type FunctionRow = AnyFunction<TableName, QueueName>;
export type TableGrant = FunctionRow['tables'][number];
export type Trigger = FunctionRow['trigger'];

/** A row of the operation table. */
export type Operation = AnyOperation<FunctionName, ErrorCode>;

/** In the order in which a newcomer meets them. */
const documented = [payments, customers, tenants, events, webhooks, connections, audit] as const;

type OperationsOf<C> = C extends { readonly operations: infer Rows } ? Rows[keyof Rows] : never;
export type Resource = OperationId extends infer Id ? (Id extends `${infer Name}/${string}` ? Name : never) : never;
export type OperationId = OperationsOf<(typeof documented)[number]>['id'];

/** The functions that serve operations. */
export type ServingFunction = OperationsOf<(typeof documented)[number]>['function'];

type Documented = (typeof documented)[number];

/** In the order of their texts: that of a module's exports differs from one loader to another. */
function rowsOf(capabilities: readonly Documented[]): readonly Operation[] {
  return capabilities.flatMap(({ descriptions, operations }) =>
    Object.keys(descriptions.operations).map((id) => {
      const row = Object.values<Operation>(operations).find((each) => each.id === id);
      if (row === undefined) throw new Error(`a text describes ${id}, which is no operation`);
      return row;
    }),
  );
}

/** One table of all capabilities' own; what is missing in one did not compile there. */
function described(part: 'resources' | 'operations' | 'costs' | 'fields') {
  const all: readonly Partial<Record<typeof part, object>>[] = [
    kernelDescriptions,
    ...documented.map(({ descriptions }) => descriptions),
  ];
  return Object.assign({}, ...all.map((each) => each[part]));
}

// Each is dropped from the bundle of a function that does not use it.
export const operations = /* @__PURE__ */ rowsOf(documented);
export const resourceTexts: Readonly<Record<Resource, ResourceText>> = /* @__PURE__ */ described('resources');
export const operationTexts: Readonly<Record<OperationId, OperationText>> = /* @__PURE__ */ described('operations');
export const costs: Readonly<Record<OperationId, Cost>> = /* @__PURE__ */ described('costs');
export const fieldTexts: Readonly<Record<string, string>> = /* @__PURE__ */ described('fields');
export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = /* @__PURE__ */ joined(
  kernelErrorTexts,
  events.errorTexts,
  tenants.errorTexts,
  customers.errorTexts,
  connections.errorTexts,
  payments.errorTexts,
  processor_events.errorTexts,
  webhooks.errorTexts,
);

/** As `joined`, of one part of the tables. */
function joinedParts<const Part extends string, const Tables extends readonly Readonly<Record<Part, object>>[]>(
  part: Part,
  ...tables: Tables
): Joined<{ readonly [Index in keyof Tables]: Tables[Index][Part] }> {
  return Object.assign({}, ...tables.map((each) => each[part]));
}

/** What is sent with each operation, and what comes back. */
export const operationExamples: Readonly<Record<OperationId, OperationExample>> = /* @__PURE__ */ joinedParts(
  'operations',
  payments.examples,
  customers.examples,
  tenants.examples,
  events.examples,
  webhooks.examples,
  connections.examples,
  audit.examples,
);

/** One example of each event that merchants receive, in the order of their documentation. */
export const eventExamples: Readonly<Record<SentEvent, EventExample>> = /* @__PURE__ */ joinedParts(
  'events',
  payments.examples,
  customers.examples,
  tenants.examples,
  webhooks.examples,
  connections.examples,
);

/** Modules that export schemas: what callers send and read. */
export const schemaModules = /* @__PURE__ */ modulesOf(documented);

function modulesOf(capabilities: readonly Documented[]): readonly object[] {
  return [kernelFields, ...capabilities.flatMap((each): readonly object[] => each.resources)];
}

/** Names of operations in generated clients: those of their rows, such as `capturePayment`; by operation id. */
export const operationNames = /* @__PURE__ */ namesOf(documented);

function namesOf(capabilities: readonly Documented[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    capabilities.flatMap(({ operations }) => Object.entries<Operation>(operations).map(([name, { id }]) => [id, name])),
  );
}
