// Alarms at the API's door: API Gateway's own faults, which happen before or behind our code, and floods of strangers.

import { type Alarm, above, inARow, type Metric } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import { apiName, type ZoneDeployment } from './names.ts';

/** A client with an old key sends a few; so many are a client in a loop, or somebody who guesses. */
const strangersPerPeriod = 1_000;
const threePeriods = { periodMinutes: 5, periods: 3 } as const;

export const gatewayAlarms = (deployment: ZoneDeployment): Alarm[] => {
  const metric = (name: string): Metric => ({
    namespace: 'AWS/ApiGateway',
    name,
    dimensions: { ApiName: apiName(deployment), Stage: 'api' },
    statistic: 'Sum',
  });
  return [
    {
      name: 'gateway-failing',
      impact: 'requests fail before or behind our code, where no service level counts them',
      when: 'more than 1 % of the API’s answers are 5xx for 5 min',
      parts: [
        {
          metrics: { requests: metric('Count'), faults: metric('5XXError') },
          expression: 'IF(faults > 1, faults / requests, 0)',
          periodMinutes: 1,
          periods: 5,
          ...above(0.01),
        },
      ],
      combine: 'any',
    },
    {
      name: 'credentials-unknown',
      impact: 'a merchant’s client is locked out and keeps calling, or somebody tries out credentials',
      when: `more than ${strangersPerPeriod} requests came with credentials that nobody issued, ${inARow(threePeriods)}`,
      parts: [
        {
          metrics: { strangers: messageMetric(deployment, 'credential_unrecognised') },
          ...threePeriods,
          ...above(strangersPerPeriod),
        },
      ],
      combine: 'any',
    },
  ];
};
