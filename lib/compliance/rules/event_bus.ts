// The zone's event bus: ids of what happened, encrypted, for rules of this account alone.

import { keyArn, ofType, type Rule, unless } from '../rule.ts';

export const relay: readonly Rule[] = [
  {
    id: 'Strongroom-BUS1',
    types: ['AWS::Events::EventBus'],
    promises: ['ENC-1', 'AUD-4'],
    statement: 'The bus is under the data key and takes events from this account alone.',
    check: ({ p }, zone) => [
      ...unless(p.KmsKeyIdentifier === keyArn('data'), 'it is not under the data key'),
      ...unless(
        p.Policy === undefined && ofType(zone, 'AWS::Events::EventBusPolicy').length === 0,
        'others may publish to it',
      ),
      ...unless(p.EventSourceName === undefined, 'a partner publishes to it'),
    ],
  },
];
