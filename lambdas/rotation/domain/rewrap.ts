// A run over the data keys of one wrapping key, after one rotation of it, as pure decisions: what a page adds, when a pass may
// begin, and what is certified. A run that died anywhere continues from its record, and what was done twice counts once: a
// row's own times show whether this run wrapped it, and in which pass.

import * as v from 'valibot';
import { wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { timestamp } from '../../kernel/platform/clock.ts';

const Time = /* @__PURE__ */ v.pipe(/* @__PURE__ */ v.string(), /* @__PURE__ */ v.isoTimestamp());
const Count = /* @__PURE__ */ v.pipe(/* @__PURE__ */ v.number(), /* @__PURE__ */ v.integer());

/** What a run and its certificate are about. */
const About = {
  /** Of the certificate. */
  id: /* @__PURE__ */ v.string(),
  key: /* @__PURE__ */ v.picklist(wrappingKeys),
  key_arn: /* @__PURE__ */ v.string(),
  /** KMS's id of the key material that the rotation brought. */
  material: /* @__PURE__ */ v.string(),
  rotated_at: Time,
  /** By its name in AWS: a table that was restored is another one, and needs a certificate of its own. */
  table: /* @__PURE__ */ v.string(),
  started_at: Time,
} as const;

export const RewrapRun = /* @__PURE__ */ v.object({
  ...About,
  /** Rises with every write of the record. */
  version: Count,
  /** 1, 2 … */
  pass: Count,
  /** Null: it has yet to begin. */
  pass_began_at: /* @__PURE__ */ v.nullable(Time),
  /** The last row that was looked at in this pass; null: none. */
  cursor: /* @__PURE__ */ v.nullable(
    /* @__PURE__ */ v.object({ pk: /* @__PURE__ */ v.string(), sk: /* @__PURE__ */ v.string() }),
  ),
  /** Of this pass: looked at, wrapped again by this run, found under older material in this pass, not to be read. */
  records: Count,
  rewrapped: Count,
  found_old: Count,
  unreadable: Count,
  /** Found under older material in the first pass. */
  records_before: Count,
  ended_at: /* @__PURE__ */ v.nullable(Time),
});
export type RewrapRun = v.InferOutput<typeof RewrapRun>;

export const Certificate = /* @__PURE__ */ v.object({
  ...About,
  object: /* @__PURE__ */ v.literal('certificate'),
  of: /* @__PURE__ */ v.literal('rewrap'),
  zone: /* @__PURE__ */ v.string(),
  ended_at: Time,
  passes: Count,
  /** Data keys under this wrapping key when the last pass ended. */
  records: Count,
  /** Of them, under older material when the run began, and wrapped again by it. */
  records_before: Count,
  rewrapped: Count,
  /** Under older material in the last whole pass. */
  left: /* @__PURE__ */ v.literal(0),
  /** No data key has been under older material since. */
  unused_since: Time,
});
export type Certificate = v.InferOutput<typeof Certificate>;

/** When a data key was made, and when it was wrapped last. */
export interface Wrapped {
  readonly createdMs: number;
  readonly wrappedMs: number;
}

/** What a page of rows came to. */
export interface Counted {
  readonly records: number;
  readonly rewrapped: number;
  readonly found_old: number;
  readonly unreadable: number;
}

const none: Counted = { records: 0, rewrapped: 0, found_old: 0, unreadable: 0 };

export const beginRun = (
  about: Pick<RewrapRun, 'id' | 'key' | 'key_arn' | 'material' | 'rotated_at' | 'table'>,
  nowMs: number,
): RewrapRun => ({
  ...about,
  started_at: timestamp(nowMs),
  version: 1,
  pass: 1,
  pass_began_at: timestamp(nowMs),
  cursor: null,
  ...none,
  records_before: 0,
  ended_at: null,
});

/** Only after this time nothing can come to be stored that was wrapped before the rotation. */
export const settledMs = (rotatedAt: string): number => Date.parse(rotatedAt) + rewrapLimits.settleMs;

/** The first pass goes at once; those that may certify once everything has settled. Null: it is too early. */
export function beginPass(run: RewrapRun, nowMs: number): RewrapRun | null {
  if (run.pass_began_at !== null) return run;
  if (nowMs < settledMs(run.rotated_at)) return null;
  return { ...run, version: run.version + 1, pass_began_at: timestamp(nowMs) };
}

const began = ({ pass_began_at }: RewrapRun): number => {
  if (pass_began_at === null) throw new Defect('a pass continued that had not begun');
  return Date.parse(pass_began_at);
};

/** The time to write beside what is wrapped now: later than the pass and the key's making, whatever the clocks say. */
export const rewrappedMs = (run: RewrapRun, { createdMs }: Wrapped, nowMs: number): number =>
  Math.max(nowMs, began(run) + 1, createdMs + 1);

const rewrappedSince = (sinceMs: number, { createdMs, wrappedMs }: Wrapped): boolean =>
  wrappedMs > sinceMs && wrappedMs > createdMs;

/** What one row adds. `older`: what it was under when KMS was asked; `unreadable`: KMS or we could not read it. */
export function countRow(run: RewrapRun, row: Wrapped, was: 'newer' | 'older' | 'unreadable'): Counted {
  const older = was === 'older';
  return {
    records: 1,
    rewrapped: Number(older || rewrappedSince(Date.parse(run.started_at), row)),
    found_old: Number(older || rewrappedSince(began(run), row)),
    unreadable: Number(was === 'unreadable'),
  };
}

/** Adds up a page. `cursor` null: it was the pass's last, and another pass follows unless nothing was left. */
export function afterPage(
  run: RewrapRun,
  counted: readonly Counted[],
  cursor: RewrapRun['cursor'],
  nowMs: number,
): RewrapRun {
  const sum = (name: keyof Counted): number => counted.reduce((total, each) => total + each[name], run[name]);
  const on = {
    ...run,
    version: run.version + 1,
    cursor,
    records: sum('records'),
    rewrapped: sum('rewrapped'),
    found_old: sum('found_old'),
    unreadable: sum('unreadable'),
  };
  if (cursor !== null) return on;
  const first = run.pass === 1;
  if (!first && on.found_old === 0 && on.unreadable === 0) {
    return { ...on, ended_at: timestamp(Math.max(nowMs, began(run))) };
  }
  const records_before = first ? on.found_old : run.records_before;
  return { ...on, ...none, pass: run.pass + 1, pass_began_at: null, records_before };
}

/** Null: the run has not ended. Made of its record alone, so that it is the same whoever issues it. */
export function certificateOf(run: RewrapRun, zone: string): Certificate | null {
  const { ended_at, pass_began_at } = run;
  if (ended_at === null || pass_began_at === null) return null;
  const { id, key, key_arn, material, rotated_at, table, started_at, records, records_before, rewrapped } = run;
  const about = { id, object: 'certificate', of: 'rewrap', zone, key, key_arn, material, rotated_at, table } as const;
  const figures = { passes: run.pass, records, records_before, rewrapped, left: 0 } as const;
  return { ...about, started_at, ended_at, ...figures, unused_since: pass_began_at };
}
