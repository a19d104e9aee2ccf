// What each part of a zone that costs money while it is idle is there for, and what would make it cheaper. A part without a
// reason is not paid for: docs/generated/profiles.md cannot be written with one.

import type { Priced } from '../../contract/kernel/prices.ts';

export interface Part {
  readonly buys: string;
  readonly cheaper: string;
}

const nothing = 'nothing';

const parts: Readonly<Partial<Record<Priced, Part>>> = {
  natHour: {
    buys: 'calls to processors and webhook endpoints from subnets that nobody reaches from outside, and from fixed addresses, in each availability zone',
    cheaper:
      'one gateway at home, as in the second region and in a disposable stage: payments through processors stop when its availability zone fails',
  },
  addressHour: {
    buys: 'the fixed addresses, which tenants and processors can allow-list (NET-4)',
    cheaper: 'goes with the second gateway',
  },
  endpointHour: {
    buys: 'KMS, Secrets Manager, EventBridge and SQS without a way to the Internet, under policies that let no other account’s credentials pass (NET-1), in both availability zones',
    cheaper: 'endpoints in one availability zone: half, and functions in the other fail with it',
  },
  kmsKeyMonth: {
    buys: 'keys of our own, one for each purpose: whoever may open tables may not open what seals tenants’ records, people’s data or credentials (ENC-1, ENC-3). A replica is a key; a key’s first two rotations raise it by as much again each',
    cheaper: nothing,
  },
  secretMonth: {
    buys: 'peppers of API keys and keys of digests, which rotate by themselves (SEC-1)',
    cheaper: nothing,
  },
  alarmMetricMonth: {
    buys: 'somebody learns of what users would notice, function by function (SLO-2)',
    cheaper: 'failures and throttles of all functions in one alarm each: it would not say which',
  },
  fastAlarmMetricMonth: {
    buys: 'the same, within the minute',
    cheaper: 'periods of a minute',
  },
  compositeAlarmMonth: {
    buys: 'one message where several metrics say one thing, and burn rates that two windows confirm',
    cheaper: 'parts that notify by themselves: a message for each',
  },
  customMetricMonth: {
    buys: 'service levels, and failures that functions log and survive; paid in the hours in which they are written',
    cheaper: 'nothing more: no metric of ours is written that no alarm and no dashboard reads',
  },
  dashboardMonth: {
    buys: 'the state of a zone on one page',
    cheaper: 'the first three of an account cost nothing',
  },
  webAclMonth: {
    buys: 'a place for rules in front of the API (NET-2)',
    cheaper: 'nothing: what the gateway takes without bounds by address costs $63 an hour',
  },
  wafRuleMonth: {
    buys: 'managed rules against known attacks and bad addresses; bounds by address and by credential (API-2)',
    cheaper: 'a managed group less: $1',
  },
  healthCheckMonth: {
    buys: 'fail-over to the second region without anybody’s hand (RES-4)',
    cheaper: 'fail-over by hand',
  },
  hostedZoneMonth: { buys: 'the names behind which a zone’s regions change places (RES-4)', cheaper: nothing },
  queueCall: {
    buys: 'webhooks leave at once, because Lambda waits at the queue (WHK-4)',
    cheaper: nothing,
  },
  restoreTest: {
    buys: 'the certainty, every quarter and table by table, that what was copied can be restored (BCK-2)',
    cheaper: 'tests twice a year, which is less than promised',
  },
  lambdaRequest: { buys: 'what is due is found every minute', cheaper: nothing },
};

export function partOf(price: Priced): Part {
  const found = parts[price];
  if (found === undefined)
    throw new Error(`lib/costs/parts.ts: what does ${price} buy, which a zone pays for by the month?`);
  return found;
}
