// Queues: each is one row of contract/<capability>/queues.ts or holds that row's dead letters; encrypted under the data key,
// reached by TLS alone, and without a way to lose a message unseen.

import { type QueueName, queues } from '../../../contract/capabilities.ts';
import { deadLetterQueueName, queueName } from '../../derive/names.ts';
import { isAnybody, refusesPlaintext, statementsOf } from '../policies.ts';
import { type Json, keyArn, listed, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';

const longestSeconds = 14 * 86_400;

/** The row that a queue's name belongs to, and whether it holds that row's dead letters. */
const rowOf = ({ deployment }: RuleContext, name: Json): { queue: QueueName; deadLetters: boolean } | undefined => {
  for (const queue of Object.keys(queues) as QueueName[]) {
    if (name === queueName(deployment, queue)) return { queue, deadLetters: false };
    if (name === deadLetterQueueName(deployment, queue)) return { queue, deadLetters: true };
  }
  return undefined;
};

export const queueRules: readonly Rule[] = [
  {
    id: 'Strongroom-SQS1',
    types: ['AWS::SQS::Queue'],
    promises: ['ENC-1', 'RES-2'],
    statement:
      'A queue has a row or holds its dead letters, is under the data key, and outlives its stack where data is locked.',
    check: ({ p, outlives }, zone) => [
      ...unless(rowOf(zone, p.QueueName) !== undefined, `${p.QueueName} has no row in contract/<capability>/queues.ts`),
      ...unless(p.KmsMasterKeyId === keyArn('data'), 'it is not under the data key'),
      ...unless(
        p.KmsDataKeyReusePeriodSeconds >= 60 && p.KmsDataKeyReusePeriodSeconds <= 300,
        'SQS keeps a data key for more than 5 minutes',
      ),
      ...unless(!zone.locked || outlives, 'it is deleted with its stack'),
    ],
  },
  {
    id: 'Strongroom-SQS2',
    types: ['AWS::SQS::Queue'],
    promises: ['WHK-2'],
    statement:
      'A message that fails as often as its row says goes to the dead letters for 14 days, where no other queue may put any.',
    check: ({ p }, zone) => {
      const found = rowOf(zone, p.QueueName);
      if (found === undefined) return [`${p.QueueName} has no row in contract/<capability>/queues.ts`];
      const { queue, deadLetters } = found;
      const allowed = p.RedriveAllowPolicy;
      if (deadLetters) {
        const source = `arn:aws:sqs:${zone.region}:<account>:${queueName(zone.deployment, queue)}`;
        return [
          ...unless(p.MessageRetentionPeriod === longestSeconds, 'dead letters expire too soon'),
          ...unless(
            allowed?.redrivePermission === 'byQueue' &&
              JSON.stringify(allowed.sourceQueueArns) === JSON.stringify([source]),
            'other queues may put theirs into it',
          ),
        ];
      }
      const row = queues[queue];
      const target = referredTo(zone, p.RedrivePolicy?.deadLetterTargetArn);
      return [
        ...unless(
          target?.p.QueueName === deadLetterQueueName(zone.deployment, queue) &&
            p.RedrivePolicy.maxReceiveCount === row.receives,
          'messages that fail are tried for ever, or dropped',
        ),
        ...unless(p.MessageRetentionPeriod === row.retentionDays * 86_400, 'messages are kept for another time'),
        ...unless(p.VisibilityTimeout === row.visibilityMs / 1000, 'a message is hidden for another time'),
        ...unless(allowed?.redrivePermission === 'denyAll', 'other queues may put dead letters into it'),
      ];
    },
  },
  {
    id: 'Strongroom-SQS3',
    types: ['AWS::SQS::QueuePolicy'],
    promises: ['NET-3', 'ENC-1'],
    statement: 'A queue refuses whatever does not come by TLS, and is open to nobody.',
    check: ({ p }, zone) => {
      const statements = statementsOf(p.PolicyDocument);
      return [
        ...unless(refusesPlaintext(statements), 'it takes requests without TLS'),
        ...unless(
          listed(p.Queues).length > 0 &&
            listed(p.Queues).every((queue) => referredTo(zone, queue)?.type === 'AWS::SQS::Queue'),
          'it is no queue’s',
        ),
        ...statements
          .filter(({ Effect, Principal }) => Effect !== 'Deny' && isAnybody(Principal))
          .map(({ Sid }) => `${Sid ?? 'a statement'} is open to anybody`),
      ];
    },
  },
];
