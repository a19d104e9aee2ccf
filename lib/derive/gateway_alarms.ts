// The alarm on API Gateway's own faults, which happen before or behind our code.

import { type Alarm, above, type Metric } from './alarm.ts';
import { apiName, type ZoneDeployment } from './names.ts';

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
  ];
};
