// One usage plan per mode and class, and the keys that callers share. Tenants' own keys are made by the function whose row says
// `makesUsageKeys`, so no template names a tenant; no plan has a quota, which would cut a merchant off for a day.

import { aws_apigateway as apigateway, type Stack } from 'aws-cdk-lib';
import { rateName, rates, sharedRates, sharedSubjects, usageKey } from '../../contract/kernel/rates.ts';
import { apiName, type ZoneDeployment } from './names.ts';
import type { UsagePlanIds } from './scope.ts';

/** The resource that a call changes when it puts a key into a plan, one per plan. */
export const usagePlanKeysArns = (stack: Stack, planIds: UsagePlanIds): string[] =>
  rates.map((rate) => {
    const id = planIds[rateName(rate)];
    if (id === undefined) throw new Error(`lib/derive/usage_plans.ts: the stack has no plan ${rateName(rate)}`);
    return stack.formatArn({ service: 'apigateway', account: '', resource: `/usageplans/${id}/keys` });
  });

export const apiKeysArn = (stack: Stack): string =>
  stack.formatArn({ service: 'apigateway', account: '', resource: '/apikeys' });

export function addUsagePlans(
  stack: Stack,
  { deployment, api }: { readonly deployment: ZoneDeployment; readonly api: apigateway.RestApi },
): UsagePlanIds {
  const ids: Record<string, string> = {};
  for (const rate of rates) {
    const plan = new apigateway.CfnUsagePlan(stack, `usage-plan-${rate.mode}-${rate.rateClass}`, {
      usagePlanName: `${apiName(deployment)}-${rateName(rate)}`,
      description: `${rate.requestsPerSecond} ${rate.rateClass} requests a second in ${rate.mode} mode`,
      apiStages: [{ apiId: api.restApiId, stage: api.deploymentStage.stageName }],
      throttle: { rateLimit: rate.requestsPerSecond, burstLimit: rate.burstRequests },
    });
    ids[rateName(rate)] = plan.ref;
  }
  for (const subject of sharedSubjects) {
    for (const rate of sharedRates[subject]) {
      const name = usageKey(deployment, subject, rate);
      const key = new apigateway.CfnApiKey(stack, `usage-key-${subject}-${rate.mode}-${rate.rateClass}`, {
        name,
        value: name,
        description: `All ${subject} together`,
        enabled: true,
      });
      new apigateway.CfnUsagePlanKey(stack, `usage-key-${subject}-${rate.mode}-${rate.rateClass}-plan`, {
        keyId: key.ref,
        keyType: 'API_KEY',
        usagePlanId: ids[rateName(rate)] ?? '',
      });
    }
  }
  return ids;
}
