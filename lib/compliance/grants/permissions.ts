// Who may call each function: the API for routes that the contract gives it, the authorizer's own call, and Secrets Manager for the
// secrets that a function rotates. Schedules, streams and queues call under roles.

import { type FunctionName, functions, operations } from '../../../contract/capabilities.ts';
import { otherMethods, pages } from '../../../contract/docs/pages.ts';
import { ingress } from '../../../contract/processor_events/ingress.ts';
import { authorizerName } from '../../derive/function_stack.ts';
import { functionName, liveAlias, type ZoneDeployment } from '../../derive/names.ts';
import { profileOf } from '../../derive/profile.ts';
import { calledAt } from '../../evidence/routes.ts';
import type { Resource, RuleContext } from '../rule.ts';
import { arnIn, inWords, secret } from './statement.ts';

const fact = (name: string, service: string, source: string, account = ''): string =>
  `allow lambda:InvokeFunction on ${name} by ${service}.amazonaws.com for ${source}${account && ` of ${account}`}`;

const served = new Set<FunctionName>([
  ...operations.map((operation) => operation.function),
  ...Object.values(pages).map((page) => page.function),
  ingress.function,
  otherMethods.function,
]);

export const permissionFacts = (deployment: ZoneDeployment): string[] => {
  const named = (name: FunctionName): string => functionName(deployment, name);
  // What answers is called by its alias, where new versions are deployed gradually: a permission on the function is none on the alias.
  const answering = (name: FunctionName): string =>
    `${named(name)}${profileOf(deployment).gradualDeployment ? `:${liveAlias}` : ''}`;
  const api = (rest: string): string => arnIn(deployment, 'execute-api', `api/api/${rest}`);
  return [
    ...[...served].map((name) => fact(answering(name), 'apigateway', api('api/api/DeploymentStage.api/*/*'))),
    fact(answering(authorizerName), 'apigateway', api('authorizers/api/api-authorizer')),
    ...(Object.keys(functions) as FunctionName[]).flatMap((name) => {
      const { trigger } = functions[name];
      // A secret is rotated where its primary is.
      return trigger.kind === 'rotation' && deployment.position === 'home'
        ? trigger.secrets.map((each) => fact(named(name), 'secretsmanager', secret(each), '<account>'))
        : [];
    }),
  ];
};

/** What a permission says, with whatever it says beyond the usual. */
export const permissionFact = ({ p }: Resource, zone: RuleContext): string => {
  const { Action, FunctionName: called, Principal, SourceArn, SourceAccount, ...others } = p;
  const more = Object.entries(others).map(([name, value]) => ` with ${name} ${JSON.stringify(value)}`);
  const service = String(Principal).replace(/\.amazonaws\.com$/, '');
  const found = calledAt(zone, called);
  const by = found?.alias === undefined ? '' : `:${found.alias.p.Name}`;
  const usual = fact(
    found ? `${found.function.p.FunctionName}${by}` : called,
    service,
    String(SourceArn),
    SourceAccount,
  );
  const text = Action === 'lambda:InvokeFunction' ? usual : usual.replace('lambda:InvokeFunction', String(Action));
  return inWords(
    `${String(Principal).endsWith('.amazonaws.com') ? text : text.replace(`${service}.amazonaws.com`, service)}${more.join('')}`,
    zone.deployment,
  );
};
