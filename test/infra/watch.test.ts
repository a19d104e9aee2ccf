// What watches a zone, as the templates hold it: every service level has its alarms, every alarm its runbook, and somebody
// is told.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type FunctionName, type FunctionRow, functions, operations, queues } from '../../contract/capabilities.ts';
import { platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { queueLimits } from '../../contract/kernel/limits.ts';
import { slo } from '../../contract/kernel/slo.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { functionLog, type Message, messages } from '../../lambdas/kernel/platform/log.ts';
import { functionMeter } from '../../lambdas/kernel/platform/meter.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { printedLines } from '../kit/printed.ts';
import { inFunctionStacks } from './functions_of.ts';
import { plain } from './plain.ts';
import { ofType, only, type Resource, synthesized, type Zone } from './templates.ts';

type Properties = Resource['Properties'];

const { zones } = synthesized();
const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
const prefixOf = (zone: Zone): string => `strongroom-${zone.stage}-${zone.zone}-`;
const named = (zone: Zone, type: string): Map<string, Properties> =>
  new Map(
    ofType(zone.watch, `AWS::CloudWatch::${type}`).map(([, { Properties }]) => {
      expect(Properties.AlarmName.startsWith(prefixOf(zone))).toBe(true);
      return [Properties.AlarmName.slice(prefixOf(zone).length), Properties];
    }),
  );
const alarms = (zone: Zone): Map<string, Properties> => named(zone, 'Alarm');
const composites = (zone: Zone): Map<string, Properties> => named(zone, 'CompositeAlarm');
/** Those that page: what has no part in its name. */
const paging = (zone: Zone): Map<string, Properties> =>
  new Map([...alarms(zone), ...composites(zone)].filter(([name]) => !name.includes('.')));
/** Of a plain alarm its one metric, as the others have theirs. */
const metricsOf = ({ Metrics, MetricName, Namespace, Dimensions, Statistic, Period }: Properties): Properties[] =>
  Metrics === undefined
    ? [{ Metric: { MetricName, Namespace, Dimensions }, Stat: Statistic, Period }]
    : Metrics.flatMap((query: Properties) => (query.MetricStat === undefined ? [] : [query.MetricStat]));
const alarmOf = (zone: Zone, name: string): Properties => {
  const found = alarms(zone).get(name) ?? composites(zone).get(name);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
};

const runbooks = readdirSync('docs/runbooks')
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.replace(/\.md$/, ''));

describe('service levels', () => {
  test('[SLO-1] are the figures that were promised', () => {
    expect(slo).toEqual({
      read: { availability: 0.999, p99Ms: 150 },
      write: { availability: 0.999, p99Ms: 400 },
      money: { availability: 0.9995, p99Ms: 800 },
      ingress: { availability: 0.9995, p99Ms: 200 },
      delivery: { availability: 0.9995, p99Ms: 2_000 },
    });
  });

  test('[SLO-2] every class has an alarm on its burn rate and one on its p99', () => {
    for (const zone of zones) {
      for (const [name, { availability, p99Ms }] of Object.entries(slo)) {
        for (const minutes of [5, 60]) {
          const part = alarmOf(zone, `slo-${name}-burning.${minutes}m`);
          expect(part.Threshold).toBeCloseTo(14.4 * (1 - availability), 6);
          for (const { Period, Stat } of metricsOf(part)) expect([Period, Stat]).toEqual([minutes * 60, 'Sum']);
        }
        const slow = alarmOf(zone, `slo-${name}-slow`);
        expect(slow.Threshold).toBe(p99Ms);
        expect(metricsOf(slow).map(({ Stat }) => Stat)).toEqual(['p99']);
      }
    }
  });

  test('[SLO-2] a burn rate pages only where the long window confirms the short one', () => {
    for (const zone of zones) {
      for (const name of Object.keys(slo)) {
        const ids = [5, 60].map((minutes) =>
          ofType(zone.watch, 'AWS::CloudWatch::Alarm').find(
            ([, each]) => each.Properties.AlarmName === `${prefixOf(zone)}slo-${name}-burning.${minutes}m`,
          ),
        );
        expect(plain(zone, 'watch', alarmOf(zone, `slo-${name}-burning`).AlarmRule)).toBe(
          ids.map((id) => `ALARM("watch:${id?.[0]}.Arn")`).join(' AND '),
        );
      }
    }
  });

  test.each([
    [0, 0, 0],
    [1_000, 0, 0],
    [3, 1, 0],
    [1_000, 20, 0.02],
    [2, 2, 1],
  ])('[SLO-2] of %d requests %d faults burn at %d: one alone is no rate', (requests, faults, rate) => {
    for (const zone of zones) {
      for (const [, alarm] of [...alarms(zone)].filter(([name]) => name.includes('-burning.'))) {
        const { Expression } = only<Properties>(alarm.Metrics.filter((query: Properties) => query.Expression));
        const [, condition, value, other] = /^IF\((.+), (.+), (.+)\)$/.exec(Expression) ?? [];
        const measured = new Function('requests', 'faults', `return (${condition}) ? (${value}) : (${other})`);
        expect(measured(requests, faults)).toBe(rate);
      }
    }
  });

  test('[SLO-2] every operation belongs to a class that is watched', () => {
    for (const { slo: name } of operations) expect(alarms(zones[0] as Zone).has(`slo-${name}-slow`)).toBe(true);
  });

  test('[SLO-2] what these alarms measure is what our code emits, by name and dimensions', () => {
    const meter = functionMeter();
    const lines: Properties[] = printedLines(() => {
      for (const name of Object.keys(slo)) meter('any/operation', name, { durationMs: 1, fault: false });
    });
    const emitted = lines.flatMap((blob) => {
      return blob._aws.CloudWatchMetrics.flatMap((set: Properties) =>
        set.Dimensions.flatMap((dimensions: string[]) =>
          set.Metrics.map(({ Name }: Properties) =>
            [set.Namespace, Name, ...dimensions.map((each) => `${each}=${blob[each]}`).sort()].join(' '),
          ),
        ),
      );
    });
    for (const zone of zones) {
      const watched = [...alarms(zone)]
        .filter(([name]) => name.startsWith('slo-'))
        .flatMap(([, alarm]) => metricsOf(alarm))
        .map(({ Metric }) =>
          [
            Metric.Namespace,
            Metric.MetricName,
            ...Metric.Dimensions.map(({ Name, Value }: Properties) => `${Name}=${Value}`).sort(),
          ].join(' '),
        );
      expect([...new Set(watched)].filter((metric) => !emitted.includes(metric))).toEqual([]);
    }
  });
});

const isLocked = ({ stage }: Zone): boolean => referenceConfig.stages[stage]?.data === 'locked';
/** Where nothing is kept for good, nothing is backed up. */
const ofBackups = ['backup-failing', 'backup-missing'];

describe('alarms', () => {
  test('[SLO-2] every alarm has a runbook of its name, and every runbook its alarm', () => {
    for (const zone of zones)
      expect([...paging(zone).keys()].sort()).toEqual(
        runbooks.filter((name) => isLocked(zone) || !ofBackups.includes(name)).sort(),
      );
    for (const zone of zones) {
      for (const name of alarms(zone).keys()) expect(runbooks).toContain(name.split('.')[0]);
    }
  });

  test('[SLO-2] a runbook says what it means, what users notice, where to look, what to do and when to escalate', () => {
    for (const name of runbooks) {
      const text = readFileSync(`docs/runbooks/${name}.md`, 'utf8');
      expect(text.startsWith(`# ${name}\n`), name).toBe(true);
      expect(
        [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
        name,
      ).toEqual(['Meaning', 'Impact', 'First look', 'What to do', 'Escalate']);
    }
  });

  test('[SLO-2] every alarm that pages tells the operators, of its end too; parts of others tell nobody', () => {
    for (const zone of zones) {
      const [topic] = only(ofType(zone.watch, 'AWS::SNS::Topic'));
      for (const [, alarm] of paging(zone)) {
        expect(alarm.AlarmActions).toEqual([{ Ref: topic }]);
        expect(alarm.OKActions).toEqual([{ Ref: topic }]);
        expect(alarm.ActionsEnabled).not.toBe(false);
      }
      const silent = [...alarms(zone)].filter(([name]) => name.includes('.'));
      expect(silent.length).toBeGreaterThan(0);
      for (const [, alarm] of silent) {
        expect(alarm).toMatchObject({ ActionsEnabled: false });
        expect(alarm.AlarmActions).toBeUndefined();
      }
    }
  });

  test('[SLO-2] every part is heard: its composite’s rule names it', () => {
    for (const zone of zones) {
      for (const [id, { Properties }] of ofType(zone.watch, 'AWS::CloudWatch::Alarm')) {
        const [name = '', part] = Properties.AlarmName.slice(prefixOf(zone).length).split('.');
        if (part !== undefined) expect(JSON.stringify(alarmOf(zone, name).AlarmRule)).toContain(`["${id}","Arn"]`);
      }
    }
  });

  test('[SLO-2] silence is decided: what starts by the clock must be heard of, nothing else must', () => {
    for (const zone of zones) {
      const needed = [...alarms(zone)].flatMap(([name, alarm]) =>
        alarm.TreatMissingData === 'breaching' ? [name] : [],
      );
      const clocked = (Object.entries(functions) as [string, FunctionRow][])
        .filter(([, { trigger }]) => trigger.kind === 'schedule')
        .map(([name]) => `${name}-stopped`);
      expect(needed).toEqual([...clocked, ...(isLocked(zone) ? ['backup-missing'] : [])]);
      for (const [, alarm] of alarms(zone)) expect(['breaching', 'notBreaching']).toContain(alarm.TreatMissingData);
    }
  });

  test('an alarm takes no more than ten metrics, as CloudWatch does, and watches this zone alone', () => {
    for (const zone of zones) {
      for (const [name, alarm] of alarms(zone)) {
        expect(metricsOf(alarm).length, name).toBeLessThanOrEqual(10);
        for (const { Metric } of metricsOf(alarm)) {
          const own = JSON.stringify(Metric);
          if (!name.startsWith('slo-'))
            expect(own).toMatch(new RegExp(`${zone.stage}.${zone.zone}|EventSourceMapping`));
        }
      }
    }
  });

  test('[AUD-1] a failed stream record, unreadable or lost, pages, whichever stream it came from', () => {
    for (const zone of zones) {
      const mappings = inFunctionStacks(zone, 'AWS::Lambda::EventSourceMapping')
        .filter(({ properties }) => properties.StartingPosition !== undefined)
        .map(({ stack, id }) => `${stack}:${id}`);
      const parts = [...alarms(zone)].filter(([name]) => name.startsWith('failed-stream-records.'));
      const watched = parts.flatMap(([, part]) =>
        metricsOf(part).flatMap(({ Metric }) =>
          (Metric.Dimensions ?? []).map(({ Value }: Properties) =>
            String(plain(zone, 'watch', Value)).replace(/\.Id$/, ''),
          ),
        ),
      );
      expect(mappings.length).toBeGreaterThan(2);
      expect(watched.sort()).toEqual(mappings.sort());
      const rule = String(plain(zone, 'watch', alarmOf(zone, 'failed-stream-records').AlarmRule));
      const counted = parts.flatMap(([, part]) => metricsOf(part).map(({ Metric }) => Metric.MetricName));
      expect(counted).toContain('record_unreadable');
      for (const [name, part] of parts) {
        expect(rule, name).toContain(`:${name.replaceAll(/[._-]/g, '')}.Arn`);
        const [summed] = part.Metrics.filter((query: Properties) => query.Expression);
        if (metricsOf(part).length === 1) expect(summed).toBeUndefined();
        else for (const { Id } of part.Metrics.slice(0, -1)) expect(summed.Expression).toContain(`FILL(${Id}, 0)`);
      }
    }
  });

  test('[WHK-2] of every queue it pages when messages wait too long, and when one is dead-lettered', () => {
    for (const zone of zones) {
      const queuesOf = (alarm: string): string[] =>
        metricsOf(alarmOf(zone, alarm)).map(({ Metric }) => only<Properties>(Metric.Dimensions).Value);
      for (const name of Object.keys(queues)) {
        const queue = `${prefixOf(zone)}${name}`;
        expect(queuesOf(`${name}-late.backlog`)).toEqual([queue, queue]);
        expect(queuesOf(`${name}-late.age`)).toEqual([queue]);
        expect(queuesOf(`${name}-dead-lettered`)).toEqual([`${queue}-dead-letters`]);
        expect(alarmOf(zone, `${name}-dead-lettered`)).toMatchObject({
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
          EvaluationPeriods: 1,
        });
      }
    }
  });

  test.each([
    { waiting: 0, done: 0, late: false },
    { waiting: 200, done: 100, late: false },
    { waiting: 201, done: 100, late: true },
    { waiting: 1, done: undefined, late: true },
  ])('$waiting messages before $done done a minute are late: $late', ({ waiting, done, late }) => {
    for (const zone of zones) {
      const alarm = alarmOf(zone, 'deliveries-late.backlog');
      const { Expression } = only<Properties>(alarm.Metrics.filter((query: Properties) => query.Expression));
      const measured = new Function('waiting', 'done', 'FILL', `return ${Expression}`);
      const fill = (value: number | undefined, other: number): number => value ?? other;
      expect(measured(waiting, done, fill) > alarm.Threshold).toBe(late);
    }
  });

  test('[WHK-2] what SQS holds back on purpose is not late', () => {
    for (const zone of zones) {
      expect(alarmOf(zone, 'deliveries-late.age').Threshold).toBeGreaterThan(queueLimits.delayMaxSeconds);
    }
  });

  /** Groups of the logs in which a message is counted. */
  const countedIn = (zone: Zone, message: string): string[] =>
    ofType(zone.watch, 'AWS::Logs::MetricFilter')
      .map(([, { Properties }]) => Properties)
      .filter(({ MetricTransformations }) => only<Properties>(MetricTransformations).MetricName === message)
      .map(({ LogGroupName }) => LogGroupName);
  const counting = (message: string): [FunctionName, FunctionRow][] =>
    rows.filter(
      ([, row]) => row.failureAlarm?.message === message || row.countedMessages?.some((each) => each === message),
    );
  const logsOf = (zone: Zone, message: string): string[] =>
    counting(message).map(([name]) => `/strongroom/${zone.stage}/${zone.zone}/${name}`);
  const [appliesEvents] = only(rows.filter(([, { failureAlarm }]) => failureAlarm?.message === 'event_failed'));

  test('[SLO-2] [PAY-2] failures that a function survives page under its name, counted in the log of whichever function meets them', () => {
    const failing = rows.flatMap(([name, { failureAlarm }]) => (failureAlarm ? [{ name, ...failureAlarm }] : []));
    expect(failing.length).toBeGreaterThan(4);
    for (const zone of zones) {
      for (const { name, message, periodMinutes, periods } of failing) {
        const parts = [...alarms(zone)].filter(([each]) => each.split('.')[0] === `${name}-failing`);
        const [, alarm] = only(
          parts.filter(([, each]) => metricsOf(each).some(({ Metric }) => Metric.MetricName === message)),
        );
        expect(metricsOf(alarm).map(({ Period }) => Period)).toEqual([periodMinutes * 60]);
        expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: periods, DatapointsToAlarm: periods });
        expect(countedIn(zone, message)).toEqual(logsOf(zone, message));
      }
    }
  });

  test('[SLO-2] a run that starts too rarely for the alarm on all functions pages by its errors too', () => {
    for (const zone of zones) {
      for (const [name, { trigger, failureAlarm }] of rows) {
        if (trigger.kind !== 'schedule' || trigger.everyMinutes === 1) continue;
        expect(failureAlarm, name).toBeDefined();
        const { Metric } = only<Properties>(metricsOf(alarmOf(zone, `${name}-failing.errors`)));
        expect([Metric.MetricName, only<Properties>(Metric.Dimensions).Value]).toEqual([
          'Errors',
          prefixOf(zone) + name,
        ]);
      }
    }
  });

  test('[PAY-2] events of processors page when they contradict our books or match nothing in them, wherever they are met', () => {
    for (const zone of zones) {
      for (const [alarm, message, ...kinds] of [
        // An event is applied as it comes, and again by the clock; after days it is the clock's run that gives up.
        [`${appliesEvents}-failing`, 'event_failed', 'streams', 'schedule'],
        ['events-contradicting', 'event_contradicts', 'streams', 'schedule'],
        ['events-unmatched', 'event_unmatched', 'schedule'],
        ['connections-failing', 'connection_failed', 'api', 'schedule'],
      ] as const) {
        expect(metricsOf(alarmOf(zone, alarm)).map(({ Metric }) => Metric.MetricName)).toEqual([message]);
        expect(countedIn(zone, message)).toEqual(logsOf(zone, message));
        expect(
          counting(message)
            .map(([, { trigger }]) => trigger.kind)
            .sort(),
          message,
        ).toEqual([...kinds].sort());
      }
      // One contradiction is money that is not what it is said to be.
      expect(alarmOf(zone, 'events-contradicting')).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
    }
  });

  test('[SEC-1] of every platform secret some function counts that it is overdue', () => {
    const read = counting('secret_overdue').flatMap(([, { secrets }]) => secrets);
    expect([...new Set(read)].sort()).toEqual(Object.keys(platformSecrets).sort());
  });

  test('a flood of forgeries hides no fault of the ingress: it is counted, not weighed against requests', () => {
    for (const zone of zones) {
      const { Metrics } = alarmOf(zone, `${ingress.function}-failing`);
      expect(Metrics.every((query: Properties) => !query.Expression)).toBe(true);
    }
  });

  test('[SLO-2] what is counted from logs is a message that our code can log, in a log that exists', () => {
    for (const zone of zones) {
      const groups = inFunctionStacks(zone, 'AWS::Logs::LogGroup').map(({ properties }) => properties.LogGroupName);
      const filters = ofType(zone.watch, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
      expect(filters.length).toBeGreaterThan(0);
      for (const { LogGroupName, FilterPattern, MetricTransformations } of filters) {
        expect(groups).toContain(LogGroupName);
        const [, field = '', message = ''] = /^\{ \$\.(\w+) = "(\w+)" \}$/.exec(FilterPattern) ?? [];
        expect(Object.keys(messages)).toContain(message);
        // The line as a function prints it, whatever level its environment names.
        for (const level of ['INFO', 'WARN'] as const) {
          const { log } = functionLog({ service: 'strongroom', level, sampleRate: 0 });
          expect(printedLines(() => log(message as Message, {}))).toMatchObject([{ [field]: message }]);
        }
        const { MetricName, MetricNamespace } = only<Properties>(MetricTransformations);
        const watched = [...alarms(zone)].flatMap(([, alarm]) => metricsOf(alarm).map(({ Metric }) => Metric));
        expect(watched.some((each) => each.MetricName === MetricName && each.Namespace === MetricNamespace)).toBe(true);
      }
    }
  });
});

describe('who is told', () => {
  test('[SLO-2] the operations contact, by a topic that only this zone’s alarms write to', () => {
    for (const zone of zones) {
      const [, mailbox] = only(ofType(zone.watch, 'AWS::SNS::Subscription'));
      expect(mailbox.Properties).toMatchObject({ Protocol: 'email', Endpoint: referenceConfig.contacts.operations });
      const [, policy] = only(ofType(zone.watch, 'AWS::SNS::TopicPolicy'));
      const allowed = policy.Properties.PolicyDocument.Statement.filter((each: Properties) => each.Effect === 'Allow');
      const { Principal, Condition } = only<Properties>(allowed);
      expect(Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
      expect(JSON.stringify(Condition)).toContain(`:alarm:strongroom-${zone.stage}-${zone.zone}-*`);
    }
  });

  test('[ENC-1] the topic is encrypted under the data key', () => {
    for (const zone of zones) {
      const [, topic] = only(ofType(zone.watch, 'AWS::SNS::Topic'));
      expect(plain(zone, 'watch', topic.Properties.KmsMasterKeyId)).toMatch(/^keys:keydata\w+\.Arn$/);
    }
  });

  test('the dashboard shows every alarm that pages', () => {
    for (const zone of zones) {
      const [, dashboard] = only(ofType(zone.watch, 'AWS::CloudWatch::Dashboard'));
      const { widgets } = JSON.parse(String(plain(zone, 'watch', dashboard.Properties.DashboardBody)));
      const shown = widgets[0].properties.alarms.map((arn: string) => arn.split(`:alarm:${prefixOf(zone)}`)[1]);
      expect(shown.sort()).toEqual([...paging(zone).keys()].sort());
    }
  });
});
