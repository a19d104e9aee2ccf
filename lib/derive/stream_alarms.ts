// Alarms on tables' streams: functions that fall behind, and records that no function could process.

import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import { type Alarm, type AlarmPart, above, functionMetric, type Metric, type MonitoredZone, once } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

const streaming = (Object.entries(functions) as [FunctionName, FunctionRow][]).filter(
  ([, { trigger }]) => trigger.kind === 'streams',
);

const lateMs = 60_000;

const late = (deployment: ZoneDeployment, name: FunctionName, impact: string): Alarm => ({
  name: `${name}-late`,
  impact,
  when: `${name} is more than ${lateMs / 1000} s behind a table's stream for 5 min`,
  parts: [
    {
      metrics: { age: functionMetric(deployment, name, 'IteratorAge', 'Maximum') },
      periodMinutes: 1,
      periods: 5,
      ...above(lateMs),
    },
  ],
  combine: 'any',
});

/** Records that Lambda wrote into the bucket, of any of the function's event source mappings. */
const failedRecords = (name: FunctionName, mappings: readonly string[]): AlarmPart => {
  const metrics = Object.fromEntries(
    mappings.map((mapping, index): [string, Metric] => [
      `stream${index + 1}`,
      {
        namespace: 'AWS/Lambda',
        name: 'OnFailureDestinationDeliveredEventCount',
        dimensions: { EventSourceMappingUUID: mapping },
        statistic: 'Sum',
      },
    ]),
  );
  const expression = Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return { part: name, metrics, ...(mappings.length > 1 && { expression }), ...once };
};

export const streamAlarms = ({ deployment, mappings }: MonitoredZone): Alarm[] => {
  return [
    ...streaming.map(([name, { impact }]) => late(deployment, name, impact)),
    {
      name: 'failed-stream-records',
      impact:
        'what follows from a committed change (event, audit entry, limits, settlement) is missing: its record lies in the bucket of failed stream records',
      when: 'a record is written into the bucket of failed stream records, or cannot be read',
      // One part per function: an alarm takes too few metrics for all of them at once.
      parts: [
        ...streaming.map(([name]) => failedRecords(name, mappings[name] ?? [])),
        { part: 'unreadable', metrics: { unreadable: messageMetric(deployment, 'record_unreadable') }, ...once },
      ],
      combine: 'any',
    },
    {
      name: 'facts-forged',
      impact:
        'a function, or somebody with its credentials, writes rows that claim what is not theirs; nothing follows from these',
      when: 'the relay meets a fact that does not belong to the row which bears it',
      parts: [{ metrics: { forged: messageMetric(deployment, 'fact_forged') }, ...once }],
      combine: 'any',
    },
    {
      name: 'updates-lost',
      impact:
        'a change that was answered before a fail-over is gone, because the other region wrote the same object later',
      when: 'the other region replaced a row which it had not seen, or a payment can’t be put right from what was replaced: what its merchant wrote into it, or what contradicts itself',
      parts: [{ metrics: { lost: messageMetric(deployment, 'update_lost') }, ...once }],
      combine: 'any',
    },
    {
      name: 'failed-stream-records-lost',
      impact: 'a record that no function could process was not stored either: its change is in the table alone',
      when: 'Lambda could not write to the bucket of failed stream records',
      parts: streaming.map(
        ([name]): AlarmPart => ({
          part: name,
          metrics: { lost: functionMetric(deployment, name, 'DestinationDeliveryFailures') },
          ...once,
        }),
      ),
      combine: 'any',
    },
  ];
};
