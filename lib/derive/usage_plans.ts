// One usage plan per mode and class, and the keys of those who share a limit. Tenants' own keys are made when tenants are
// (lambdas/provisioner), so no template names a tenant; no plan has a quota, which would cut a merchant off for a day.

import { aws_apigateway as apigateway, Lazy, Stack } from 'aws-cdk-lib';
import { type Rate, rateName, rates, sharedRates, sharedSubjects, usageKey } from '../../contract/kernel/rates.ts';
import { apiName, type ZoneDeployment } from './names.ts';

const idOf = ({ mode, rateClass }: Pick<Rate, 'mode' | 'rateClass'>): string => `usage-plan-${mode}-${rateClass}`;

const planOf = (stack: Stack, rate: Pick<Rate, 'mode' | 'rateClass'>): apigateway.CfnUsagePlan =>
  stack.node.findChild(idOf(rate)) as apigateway.CfnUsagePlan;

/**
 * JSON object: rate -> id of its plan. A function is told before the plans are made, since they refer to the stage and the
 * stage to the functions behind it: looked up when the template is written. The function that is told serves no route.
 */
export const usagePlanIds: string = Lazy.uncachedString({
  produce: ({ scope }) => {
    const stack = Stack.of(scope);
    return stack.toJsonString(Object.fromEntries(rates.map((rate) => [rateName(rate), planOf(stack, rate).ref])));
  },
});

/** What is written to when a key is put into a plan, one per plan. */
export const usagePlanKeysArns = (stack: Stack): string[] =>
  rates.map((rate) => {
    const id = Lazy.string({ produce: () => planOf(stack, rate).ref });
    return stack.formatArn({ service: 'apigateway', account: '', resource: `/usageplans/${id}/keys` });
  });

export const apiKeysArn = (stack: Stack): string =>
  stack.formatArn({ service: 'apigateway', account: '', resource: '/apikeys' });

export function addUsagePlans(stack: Stack, { place, api }: { place: ZoneDeployment; api: apigateway.RestApi }): void {
  for (const rate of rates) {
    new apigateway.CfnUsagePlan(stack, idOf(rate), {
      usagePlanName: `${apiName(place)}-${rateName(rate)}`,
      description: `${rate.requestsPerSecond} ${rate.rateClass} requests a second in ${rate.mode} mode`,
      apiStages: [{ apiId: api.restApiId, stage: api.deploymentStage.stageName }],
      throttle: { rateLimit: rate.requestsPerSecond, burstLimit: rate.burstRequests },
    });
  }
  for (const holder of sharedSubjects) {
    for (const rate of sharedRates[holder]) {
      const name = usageKey(place, holder, rate);
      const key = new apigateway.CfnApiKey(stack, `usage-key-${holder}-${rate.mode}-${rate.rateClass}`, {
        name,
        value: name,
        description: `All ${holder} together`,
        enabled: true,
      });
      new apigateway.CfnUsagePlanKey(stack, `usage-key-${holder}-${rate.mode}-${rate.rateClass}-plan`, {
        keyId: key.ref,
        keyType: 'API_KEY',
        usagePlanId: planOf(stack, rate).ref,
      });
    }
  }
}
