// Log groups and what may write to them: encrypted, kept as long as promised, and outliving their stack where data is
// locked.

import { profileOf } from '../../derive/profile.ts';
import { isAnybody, statementsOf } from '../policies.ts';
import { isPromised, keyArn, type Rule, unless } from '../rule.ts';

/** Who called, and what our code said about it, is kept for a year (AUD-2). */
const leastDays = 365;

export const logs: readonly Rule[] = [
  {
    id: 'Strongroom-LOG1',
    types: ['AWS::Logs::LogGroup'],
    promises: ['AUD-2', 'AUD-4'],
    statement:
      'Logs are kept for a year, in a sandbox for the days of its profile, and are not deleted with their stack where data is locked.',
    check: ({ p, outlives }, zone) => [
      // A group without a period is kept for ever, which is more than was promised to the people in it.
      ...unless(
        p.RetentionInDays >= (isPromised(zone, 'AUD-2') ? leastDays : profileOf(zone.deployment).logDays),
        `it is kept for ${p.RetentionInDays ?? 'an unstated number of'} days`,
      ),
      ...unless(!zone.locked || outlives, 'it is deleted with its stack'),
    ],
  },
  {
    id: 'Strongroom-LOG2',
    types: ['AWS::Logs::LogGroup'],
    promises: ['ENC-1'],
    statement: 'A log group is encrypted under the data key.',
    check: ({ p }) => unless(p.KmsKeyId === keyArn('data'), 'it is not under the data key'),
  },
  {
    id: 'Strongroom-LOG3',
    types: ['AWS::Logs::ResourcePolicy'],
    promises: ['AUD-4', 'RES-2'],
    statement: 'Only named services may write to a log group, as POL1 has it for this account alone.',
    check: ({ p }) =>
      statementsOf(p.PolicyDocument).flatMap(({ Sid, Principal }) => [
        ...unless(!isAnybody(Principal) && Principal?.Service !== undefined, `${Sid} lets anybody write`),
      ]),
  },
  {
    id: 'Strongroom-LOG4',
    types: ['AWS::Logs::MetricFilter'],
    promises: ['AUD-4', 'FRD-3'],
    statement: 'A metric counts a message of the catalogue; none of its dimensions is a field of a log line.',
    check: ({ p }, zone) => [
      ...unless(/^\{ \$\.message = "\w+" \}$/.test(p.FilterPattern), `it counts ${p.FilterPattern}`),
      ...unless(
        (p.MetricTransformations ?? []).every((each: { Dimensions?: unknown }) => each.Dimensions === undefined),
        'its dimensions are fields of log lines',
      ),
      ...unless(
        zone.resources.some(
          ({ type, p: group }) => type === 'AWS::Logs::LogGroup' && group.LogGroupName === p.LogGroupName,
        ),
        `${p.LogGroupName} is no group of this zone`,
      ),
    ],
  },
];
