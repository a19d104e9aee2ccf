// Rate limits, as the templates hold them: nobody passes uncounted, and the plans are the contract's.

import { describe, expect, test } from 'vitest';
import { type FunctionName, operations } from '../../../contract/capabilities.ts';
import { pages } from '../../../contract/docs/pages.ts';
import { rateClassOf, rateName, rates, sharedRates, sharedSubjects, usageKey } from '../../../contract/kernel/rates.ts';
import { ingress } from '../../../contract/processor_events/ingress.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { functionOf, functionStacks, inFunctionStacks, lambdas } from '../../infra/functions_of.ts';
import { ofType, only, type Resource, synthesized, type Zone } from '../../infra/templates.ts';

const { zones } = synthesized();

const properties = (zone: Zone, type: string): Resource['Properties'][] =>
  ofType(zone.api, `AWS::ApiGateway::${type}`).map(([, resource]) => resource.Properties);

const pathOf = (zone: Zone, id: unknown): string => {
  const resource = zone.api.Resources[(id as { Ref?: string }).Ref ?? ''];
  return resource === undefined ? '' : `${pathOf(zone, resource.Properties.ParentId)}/${resource.Properties.PathPart}`;
};

const environmentOf = (zone: Zone, name: FunctionName): Record<string, unknown> =>
  functionOf(zone, name).properties.Environment.Variables;

/** `Fn::Join` of texts and references, as a text with `${id}` for each reference. */
const joined = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  return join === undefined ? `\${${Ref}}` : join[1].map(joined).join(join[0]);
};

const plansOf = (zone: Zone): Record<string, string> => {
  const ids = ofType(zone.api, 'AWS::ApiGateway::UsagePlan').map(([id, { Properties }]): [string, string] => [
    Properties.UsagePlanName.replace(`strongroom-${zone.stage}-${zone.zone}-`, ''),
    id,
  ]);
  return Object.fromEntries(ids);
};

describe('[API-2] the API', () => {
  test('every method but the public pages and the ingress wants a key, and only the authorizer can name one', () => {
    for (const zone of zones) {
      expect(only(properties(zone, 'RestApi')).ApiKeySourceType).toBe('AUTHORIZER');
      // Pages are for anybody; whoever comes in is told by a signature.
      const open = new Set([...Object.values(pages), ingress].map(({ method, path }) => `${method} ${path}`));
      for (const method of properties(zone, 'Method')) {
        const route = `${method.HttpMethod} ${pathOf(zone, method.ResourceId)}`;
        // What no method takes is refused to anybody.
        const isOpen = open.has(route) || method.HttpMethod === 'ANY';
        expect(method.ApiKeyRequired ?? false, route).toBe(!isOpen);
        if (method.ApiKeyRequired) expect(method.AuthorizationType, route).toBe('CUSTOM');
      }
    }
  });

  test('there is a plan per mode and class, with the contract’s rate and burst, for the deployed stage, without a quota', () => {
    for (const zone of zones) {
      const [stage] = only(ofType(zone.api, 'AWS::ApiGateway::Stage'));
      const [api] = only(ofType(zone.api, 'AWS::ApiGateway::RestApi'));
      expect(Object.keys(plansOf(zone)).sort()).toEqual(rates.map(rateName).sort());
      for (const rate of rates) {
        const plan = zone.api.Resources[plansOf(zone)[rateName(rate)] ?? '']?.Properties;
        expect(plan.Throttle).toEqual({ RateLimit: rate.requestsPerSecond, BurstLimit: rate.burstRequests });
        expect(plan.ApiStages).toEqual([{ ApiId: { Ref: api }, Stage: { Ref: stage } }]);
        expect(plan.Quota).toBeUndefined();
      }
    }
  });

  test('who shares a limit has keys, each in one plan; no template names a tenant', () => {
    for (const zone of zones) {
      const keys = ofType(zone.api, 'AWS::ApiGateway::ApiKey');
      const inPlans = properties(zone, 'UsagePlanKey').map(({ KeyId, UsagePlanId }) => [KeyId.Ref, UsagePlanId.Ref]);
      const found = keys.map(([id, { Properties }]) => {
        expect(Properties.Name).toBe(Properties.Value);
        expect(Properties.Enabled).toBe(true);
        return `${Properties.Value} ${only(inPlans.filter(([key]) => key === id))[1]}`;
      });
      const wanted = sharedSubjects.flatMap((subject) =>
        sharedRates[subject].map((rate) => `${usageKey(zone, subject, rate)} ${plansOf(zone)[rateName(rate)]}`),
      );
      expect(found.sort()).toEqual(wanted.sort());
      expect(inPlans).toHaveLength(wanted.length);
    }
  });
});

describe('[API-2] the functions', () => {
  test('the authorizer is told the class of every route', () => {
    for (const zone of zones) {
      const variables = environmentOf(zone, 'authorizer');
      const config = readConfig({ STRONGROOM_RATE_CLASSES: String(variables.STRONGROOM_RATE_CLASSES) });
      for (const operation of operations)
        expect(config.rateClass(operation.method, operation.path), operation.id).toBe(rateClassOf(operation));
    }
  });

  test('what a function is told fits Lambda’s 4 KB, with room for names that only AWS can give', () => {
    for (const zone of zones) {
      for (const { properties } of lambdas(zone)) {
        expect(JSON.stringify(properties.Environment.Variables).length, properties.FunctionName).toBeLessThan(3_500);
      }
    }
  });

  test('the usage key provisioner alone is given the plans', () => {
    for (const zone of zones) {
      const plans = JSON.parse(joined(environmentOf(zone, 'usage_key_provisioner').STRONGROOM_USAGE_PLANS));
      expect(plans).toEqual(Object.fromEntries(Object.entries(plansOf(zone)).map(([rate, id]) => [rate, `\${${id}}`])));
      const others = lambdas(zone).filter(
        ({ properties }) => properties.Environment.Variables.STRONGROOM_USAGE_PLANS !== undefined,
      );
      expect(others).toHaveLength(1);
    }
  });

  test('the usage key provisioner alone may touch API Gateway: keys, and keys into these plans', () => {
    for (const zone of zones) {
      const statements = inFunctionStacks(zone, 'AWS::IAM::Role').flatMap(({ properties }) =>
        (properties.Policies ?? [])
          .flatMap((policy: Resource['Properties']) => policy.PolicyDocument.Statement)
          .filter((each: Resource['Properties']) => JSON.stringify(each.Action).includes('apigateway:'))
          .map((each: Resource['Properties']) => ({ role: properties.RoleName, ...each })),
      );
      const lines = statements.flatMap(({ role, Action, Resource }) =>
        [Action].flat().flatMap((action) =>
          [Resource].flat().map((each) => {
            expect(role).toMatch(/-usage_key_provisioner$/);
            return `${action} ${joined(each).replace(/^.*:apigateway:[^:]*::/, '')}`;
          }),
        ),
      );
      expect(lines.sort()).toEqual(
        [
          'apigateway:GET /apikeys',
          'apigateway:POST /apikeys',
          ...Object.values(plansOf(zone)).map((id) => `apigateway:POST /usageplans/\${${id}}/keys`),
        ].sort(),
      );
    }
  });

  test('no resource waits for itself', () => {
    for (const { Resources } of zones.flatMap((zone) => functionStacks.map((stack) => zone[stack]))) {
      const waitsFor = (id: string): string[] => {
        const text = JSON.stringify(Resources[id]);
        const ids = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"|"DependsOn":\[([^\]]*)\]/g)].flatMap(
          ([, ref, attribute, list]) => [ref, attribute, ...(list ?? '').replaceAll('"', '').split(',')],
        );
        return ids.filter((each): each is string => each !== undefined && Object.hasOwn(Resources, each));
      };
      const done = new Set<string>();
      const visit = (id: string, path: readonly string[]): void => {
        expect(path, `${[...path, id].join(' -> ')}`).not.toContain(id);
        if (done.has(id)) return;
        for (const next of new Set(waitsFor(id))) visit(next, [...path, id]);
        done.add(id);
      };
      for (const id of Object.keys(Resources)) visit(id, []);
    }
  });
});
