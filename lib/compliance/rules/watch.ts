// Alarms, who is notified, and the dashboard: an alarm that notifies nobody is none.

import { metricsPerAlarm } from '../../derive/alarm.ts';
import { isAnybody, refusesPlaintext, statementsOf } from '../policies.ts';
import { keyArn, listed, ofType, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';

/** Whether a composite alarm of the zone includes this one. */
const isPart = (zone: RuleContext, name: string): boolean =>
  ofType(zone, 'AWS::CloudWatch::CompositeAlarm').some(({ p }) => String(p.AlarmRule).includes(`"${name}.Arn"`));

export const watch: readonly Rule[] = [
  {
    id: 'Strongroom-WATCH1',
    types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
    promises: ['SLO-2', 'FRD-3'],
    statement:
      'An alarm names its impact and its runbook, and notifies somebody, itself or through the composite it is part of.',
    check: ({ name, p }, zone) => [
      ...unless(
        /Impact: \S.* See docs\/runbooks\/[\w.-]+\.md/.test(p.AlarmDescription),
        'it names no impact or no runbook',
      ),
      ...unless(
        isPart(zone, name) ||
          (p.ActionsEnabled !== false &&
            listed(p.AlarmActions).length > 0 &&
            listed(p.AlarmActions).every((action) => referredTo(zone, action)?.type === 'AWS::SNS::Topic')),
        'it notifies nobody',
      ),
    ],
  },
  {
    id: 'Strongroom-WATCH2',
    types: ['AWS::SNS::Topic'],
    promises: ['ENC-1', 'SLO-2'],
    statement: 'The topic is under the data key and has a subscriber.',
    check: ({ name, p }, zone) => [
      ...unless(p.KmsMasterKeyId === keyArn('data'), 'it is not under the data key'),
      ...unless(
        ofType(zone, 'AWS::SNS::Subscription').some(({ p: each }) => referredTo(zone, each.TopicArn)?.name === name),
        'it has no subscriber',
      ),
    ],
  },
  {
    id: 'Strongroom-WATCH3',
    types: ['AWS::SNS::TopicPolicy'],
    promises: ['SLO-2', 'NET-3'],
    statement: 'Only named services of this account publish to the topic, and only by TLS.',
    check: ({ p }) => {
      const statements = statementsOf(p.PolicyDocument);
      return [
        ...unless(refusesPlaintext(statements), 'it takes messages without TLS'),
        ...statements
          .filter(({ Effect }) => Effect !== 'Deny')
          .flatMap(({ Sid, Principal, Condition }) =>
            unless(
              !isAnybody(Principal) && Condition?.StringEquals?.['aws:SourceAccount'] === '<account>',
              `${Sid} lets others publish`,
            ),
          ),
      ];
    },
  },
  {
    id: 'Strongroom-WATCH4',
    types: ['AWS::SNS::Subscription'],
    promises: ['SLO-2', 'RES-2'],
    statement: 'Alarms go to the mailbox of the configuration, and nowhere else.',
    check: ({ p }, { mailbox }) =>
      unless(p.Protocol === 'email' && p.Endpoint === mailbox, `they go by ${p.Protocol} to ${p.Endpoint}`),
  },
  {
    id: 'Strongroom-WATCH6',
    types: ['AWS::CloudWatch::Alarm'],
    promises: ['SLO-2'],
    statement: `An alarm reads at most ${metricsPerAlarm} metrics: CloudWatch makes no other.`,
    check: ({ p }) => {
      const read =
        p.MetricName !== undefined ? 1 : listed(p.Metrics).filter(({ MetricStat }) => MetricStat !== undefined).length;
      return unless(read >= 1 && read <= metricsPerAlarm, `it reads ${read}`);
    },
  },
  {
    id: 'Strongroom-WATCH5',
    types: ['AWS::CloudWatch::Dashboard'],
    promises: ['SLO-1', 'RES-2'],
    statement: 'The dashboard shows the zone’s own region.',
    check: ({ p }, { region }) => {
      const regions: string[] = [...String(p.DashboardBody).matchAll(/"region":"([^"]+)"/g)].map(
        ([, found]) => found ?? '',
      );
      return regions.filter((found) => found !== region).map((found) => `it shows ${found}`);
    },
  },
];
