// What the examples of all capabilities are made of: their types, the ids that they share, and the form of a list. An
// operation or an event without an example does not compile.

import { type AggregateType, type EventType, type events, type IdKind, idPrefixes } from './vocabulary.ts';

export interface OperationExample {
  readonly body?: unknown;
  readonly reply: unknown;
}

export interface EventExample {
  /** What has happened, in a sentence. */
  readonly happens: string;
  /** The object as the change left it. */
  readonly data: { readonly id: string; readonly object: string; readonly [field: string]: unknown };
  /** The schema of `data`, where `data.object` does not name it. */
  readonly schema?: string;
  /** The first event of its aggregate, whose sequence is therefore 1. */
  readonly first?: true;
}

/** The examples of a capability: of its operations, which `Rows` exports, and of the events of its aggregates. */
export interface Examples<Rows, Aggregate extends AggregateType = never> {
  readonly operations: {
    readonly [Name in keyof Rows as Rows[Name] extends { readonly id: infer Id extends string; readonly reply: unknown }
      ? Id
      : never]: Rows[Name] extends { readonly body: unknown } ? Required<OperationExample> : OperationExample;
  };
  readonly events: {
    readonly [Type in EventType as (typeof events)[Type] extends Aggregate ? Type : never]: EventExample;
  };
}

export const exampleTime = '2026-11-21T10:15:30.000Z';

/** Ids differ in their prefix and in their first letter. */
export const exampleId = (prefix: string, letter: string): string => `${prefix}_us_${letter}kq2zmd7xw3htbn6rvcgy5jesa`;

/** One id of each kind, for objects and for paths. */
export const exampleIds = Object.fromEntries(
  Object.entries(idPrefixes).map(([kind, prefix]) => [kind, exampleId(prefix, prefix.slice(0, 1))]),
) as Readonly<Record<IdKind, string>>;

export const listOf = (item: unknown) => ({ object: 'list', data: [item], has_more: false, next_cursor: null });
