// Alarms, who is told, and the page to look at: what nobody hears is no alarm.

import { isAnybody, refusesPlaintext, statementsOf } from '../policies.ts';
import { keyArn, listed, ofType, type Rule, referredTo, type Surroundings, unless } from '../rule.ts';

/** Whether a composite alarm of the zone listens to this one. */
const isPart = (zone: Surroundings, name: string): boolean =>
  ofType(zone, 'AWS::CloudWatch::CompositeAlarm').some(({ p }) => String(p.AlarmRule).includes(`"${name}.Arn"`));

export const watch: readonly Rule[] = [
  {
    id: 'Strongroom-WATCH1',
    types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
    keeps: ['SLO-2', 'FRD-3'],
    states:
      'An alarm names its impact and its runbook, and tells somebody, itself or through the composite it is part of.',
    breaks: ({ name, p }, zone) => [
      ...unless(
        /Impact: \S.* See docs\/runbooks\/[\w.-]+\.md/.test(p.AlarmDescription),
        'it names no impact or no runbook',
      ),
      ...unless(
        isPart(zone, name) ||
          (p.ActionsEnabled !== false &&
            listed(p.AlarmActions).length > 0 &&
            listed(p.AlarmActions).every((action) => referredTo(zone, action)?.type === 'AWS::SNS::Topic')),
        'it tells nobody',
      ),
    ],
  },
  {
    id: 'Strongroom-WATCH2',
    types: ['AWS::SNS::Topic'],
    keeps: ['ENC-1', 'SLO-2'],
    states: 'The topic is under the data key, and somebody listens.',
    breaks: ({ name, p }, zone) => [
      ...unless(p.KmsMasterKeyId === keyArn('data'), 'it is not under the data key'),
      ...unless(
        ofType(zone, 'AWS::SNS::Subscription').some(({ p: each }) => referredTo(zone, each.TopicArn)?.name === name),
        'nobody listens',
      ),
    ],
  },
  {
    id: 'Strongroom-WATCH3',
    types: ['AWS::SNS::TopicPolicy'],
    keeps: ['SLO-2', 'NET-3'],
    states: 'Only named services of this account publish to the topic, and only by TLS.',
    breaks: ({ p }) => {
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
    keeps: ['SLO-2', 'RES-2'],
    states: 'Alarms go to a mailbox or by TLS, never in the clear.',
    breaks: ({ p }) => unless(['email', 'https'].includes(p.Protocol), `they go by ${p.Protocol}`),
  },
  {
    id: 'Strongroom-WATCH5',
    types: ['AWS::CloudWatch::Dashboard'],
    keeps: ['SLO-1', 'RES-2'],
    states: 'The dashboard shows the zone’s own region.',
    breaks: ({ p }, { region }) => {
      const regions: string[] = [...String(p.DashboardBody).matchAll(/"region":"([^"]+)"/g)].map(
        ([, found]) => found ?? '',
      );
      return regions.filter((found) => found !== region).map((found) => `it shows ${found}`);
    },
  },
];
