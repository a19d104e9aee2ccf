// Usage plans: the first line against floods. Limits that protect money never depend on them.

import { rateName, rates } from '../../../contract/kernel/rates.ts';
import { apiName } from '../../derive/names.ts';
import { type Rule, referredTo, unless } from '../rule.ts';

export const usage: readonly Rule[] = [
  {
    id: 'Strongroom-USE1',
    types: ['AWS::ApiGateway::UsagePlan'],
    promises: ['API-2'],
    statement: 'A usage plan counts the API’s stage with the rate of its row.',
    check: ({ p }, { deployment }) => {
      const rate = rates.find((each) => p.UsagePlanName === `${apiName(deployment)}-${rateName(each)}`);
      return [
        ...unless(
          p.Throttle?.RateLimit === rate?.requestsPerSecond && rate !== undefined,
          `it allows ${p.Throttle?.RateLimit ?? 'any number of'} requests a second`,
        ),
        ...unless(p.Throttle?.BurstLimit === rate?.burstRequests, `its burst is ${p.Throttle?.BurstLimit}`),
        ...unless(p.ApiStages?.length === 1 && p.ApiStages[0].ApiId === 'api/api', 'it does not count the API’s stage'),
      ];
    },
  },
  {
    id: 'Strongroom-USE2',
    types: ['AWS::ApiGateway::ApiKey'],
    promises: ['API-1', 'API-2'],
    statement: 'A key of the gateway counts requests and authorizes none: the API reads it from the authorizer alone.',
    check: (_, zone) =>
      unless(
        zone.resources.some(
          ({ type, p }) => type === 'AWS::ApiGateway::RestApi' && p.ApiKeySourceType === 'AUTHORIZER',
        ),
        'the API reads the key from the caller',
      ),
  },
  {
    id: 'Strongroom-USE3',
    types: ['AWS::ApiGateway::UsagePlanKey'],
    promises: ['API-2'],
    statement: 'A key is put into a plan of this zone.',
    check: ({ p }, zone) =>
      unless(
        referredTo(zone, p.UsagePlanId)?.type === 'AWS::ApiGateway::UsagePlan' &&
          referredTo(zone, p.KeyId)?.type === 'AWS::ApiGateway::ApiKey',
        `it puts ${p.KeyId} into ${p.UsagePlanId}`,
      ),
  },
];
