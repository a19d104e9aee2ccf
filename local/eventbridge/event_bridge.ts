// EventBridge for one zone: its bus appends events to a file, one line each, as its archive would. Rules belong to the operator
// and run in AWS alone.

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { Access } from '../endpoint/access.ts';
import { type Call, inputOf, json, type Service, unknownOperation } from '../endpoint/service.ts';
import { localLimits } from '../host/limits.ts';

const Entry = v.object({
  Source: v.optional(v.string(), ''),
  DetailType: v.optional(v.string(), ''),
  Detail: v.optional(v.string(), ''),
  EventBusName: v.optional(v.string(), 'default'),
  Time: v.optional(v.union([v.number(), v.string()])),
  Resources: v.optional(v.array(v.string()), []),
});
type Entry = v.InferOutput<typeof Entry>;
const PutEvents = v.object({
  Entries: v.pipe(v.array(Entry), v.minLength(1), v.maxLength(localLimits.eventsPerCall)),
});

export interface EventBridgeOptions {
  readonly account: string;
  /** ARNs of those that there are. */
  readonly buses: readonly string[];
  /** Resolves once the line is in the file. */
  readonly keep: (line: string) => Promise<void>;
  readonly now?: () => number;
}

/** Bytes that count towards the limit of an entry (EventBridge user guide, "PutEvents event entry size"). */
const sizeOf = ({ Source, DetailType, Detail, Time, Resources }: Entry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** Why the entry is refused by itself (EventBridge API reference, PutEventsResultEntry). */
const faultOf = (entry: Entry): { readonly ErrorCode: string; readonly ErrorMessage: string } | undefined => {
  const invalid = (what: string) => ({ ErrorCode: 'InvalidArgument', ErrorMessage: what });
  if (entry.Source === '') return invalid('Parameter Source is not valid. Reason: Source is a required argument.');
  if (entry.DetailType === '')
    return invalid('Parameter DetailType is not valid. Reason: DetailType is a required argument.');
  if (entry.Detail === '') return invalid('Parameter Detail is not valid. Reason: Detail is a required argument.');
  if (!isObject(entry.Detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return undefined;
};

/** ARNs of the buses of the templates. */
export const busesOf = (deployment: Deployment): readonly string[] =>
  deployment.of('AWS::Events::EventBus').map(({ physical }) => physical.attributes.Arn ?? '');

export const createEventBridge = ({ account, buses, keep, now = Date.now }: EventBridgeOptions): Service => {
  const arnOf = (name: string, region: string): string =>
    name.startsWith('arn:') ? name : `arn:aws:events:${region}:${account}:event-bus/${name}`;
  const known = new Set(buses);

  return {
    targets: ['AWSEvents'],
    accesses(call) {
      if (call.operation !== 'PutEvents') throw unknownOperation('events', call.operation);
      // Entry by entry; alike ones are asked once.
      const asked = new Map(
        inputOf(PutEvents, call).Entries.map(({ EventBusName, Source, DetailType }): [string, Access] => {
          const resource = arnOf(EventBusName, call.region);
          const conditionKeys = { 'events:source': [Source], 'events:detail-type': [DetailType] };
          return [`${resource} ${Source} ${DetailType}`, { action: 'events:PutEvents', resource, conditionKeys }];
        }),
      );
      return [...asked.values()];
    },
    async answer(call: Call) {
      const { Entries } = inputOf(PutEvents, call);
      const results = await Promise.all(
        Entries.map(async (entry) => {
          const bus = arnOf(entry.EventBusName, call.region);
          // AWS accepts events for a bus that does not exist and drops them: here the mistake shows.
          if (!known.has(bus))
            return {
              ErrorCode: 'ResourceNotFoundException',
              ErrorMessage: `Event bus ${entry.EventBusName} does not exist.`,
            };
          if (sizeOf(entry) > localLimits.eventBytes)
            return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Total size of the entry exceeds the limit.' };
          const fault = faultOf(entry);
          if (fault !== undefined) return fault;
          const id = randomUUID();
          const sent = typeof entry.Time === 'number' ? entry.Time * 1000 : (entry.Time ?? now());
          await keep(
            JSON.stringify({
              version: '0',
              id,
              'detail-type': entry.DetailType,
              source: entry.Source,
              account,
              time: new Date(sent).toISOString().replace(/\.\d{3}/, ''),
              region: call.region,
              resources: entry.Resources,
              detail: JSON.parse(entry.Detail),
            }),
          );
          return { EventId: id };
        }),
      );
      return json({ FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results });
    },
  };
};
