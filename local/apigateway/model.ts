// A zone's REST API as its templates declare it: routes, authorizers, gateway responses, log format. Closed: an integration,
// authorization or stage setting that would behave differently here is refused with a UserError.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { permissionsOf } from '../lambda/permissions.ts';
import type { Throttle } from './bucket.ts';
import { binaryMediaType } from './media_types.ts';
import { MethodSettings, type Throttles, throttlesOf } from './throttles.ts';

const Integration = v.object({ Type: v.literal('AWS_PROXY'), Uri: v.string() });
const Method = v.object({
  HttpMethod: v.string(),
  ResourceId: v.string(),
  AuthorizationType: v.picklist(['NONE', 'CUSTOM']),
  AuthorizerId: v.optional(v.string()),
  OperationName: v.optional(v.string()),
  ApiKeyRequired: v.optional(v.boolean(), false),
  RequestValidatorId: v.optional(v.undefined()),
  Integration,
});
const Authorizer = v.object({
  Type: v.literal('REQUEST'),
  AuthorizerUri: v.string(),
  AuthorizerResultTtlInSeconds: v.literal(0, 'Only authorizers that cache nothing (TTL 0) are run locally'),
  IdentitySource: v.optional(v.string(), ''),
});
const RestApi = v.object({
  ApiKeySourceType: v.optional(v.literal('AUTHORIZER')),
  BinaryMediaTypes: v.optional(v.array(v.pipe(v.string(), v.regex(binaryMediaType))), []),
});
const PathPart = v.object({ ParentId: v.string(), PathPart: v.string() });
const GatewayResponseProperties = v.object({
  ResponseType: v.string(),
  StatusCode: v.optional(v.union([v.string(), v.number()])),
  ResponseParameters: v.optional(v.record(v.string(), v.string()), {}),
  ResponseTemplates: v.optional(v.record(v.string(), v.string()), {}),
});
const StageProperties = v.object({
  StageName: v.string(),
  AccessLogSetting: v.optional(v.object({ Format: v.optional(v.string()) }), {}),
  Variables: v.optional(v.record(v.string(), v.string())),
  MethodSettings: v.optional(MethodSettings, []),
});

export interface AuthorizerModel {
  readonly functionArn: string;
  /** Lower-case names of the headers that must be there; only headers are identity sources here. */
  readonly identityHeaders: readonly string[];
}

export interface Route {
  readonly method: string;
  /** e.g. `/v1/payments/{payment_id}` */
  readonly resource: string;
  readonly resourceId: string;
  readonly operationName: string | undefined;
  readonly segments: readonly string[];
  readonly functionArn: string;
  readonly authorizer: AuthorizerModel | undefined;
  /** Whether the authorizer must name an API key under which the request counts. */
  readonly keyRequired?: boolean;
  /** Its own, instead of the stage's. */
  readonly throttle?: Throttle | undefined;
}

export interface GatewayResponse {
  readonly status: number | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
}

export interface ApiModel {
  readonly id: string;
  readonly stage: string;
  readonly region: string;
  readonly account: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  readonly routes: readonly Route[];
  readonly responses: ReadonlyMap<string, GatewayResponse>;
  readonly accessLogFormat: string | undefined;
  /** Of all routes together that have none of their own. */
  readonly throttle?: Throttle | undefined;
  /** Types whose bodies reach functions as bytes. Absent: none. */
  readonly binaryMediaTypes?: readonly string[];
}

const parse = <Schema extends v.GenericSchema>(schema: Schema, resource: Resource): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, resource.properties());
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UserError(
    `stack ${resource.stack.name}: ${resource.logicalId} (${resource.type}) is not run locally as it is: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
  );
};

const functionOf = (uri: string, resource: Resource): string => {
  const [, arn] = /:lambda:path\/2015-03-31\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/.exec(uri) ?? [];
  if (arn === undefined)
    throw new UserError(`stack ${resource.stack.name}: ${resource.logicalId} invokes no function: ${uri}`);
  return arn;
};

const identityHeaders = (source: string, resource: Resource): string[] =>
  source.split(',').flatMap((each) => {
    const text = each.trim();
    if (text === '') return [];
    const [, header] = /^method\.request\.header\.([\w-]+)$/.exec(text) ?? [];
    if (header === undefined) {
      throw new UserError(
        `stack ${resource.stack.name}: ${resource.logicalId}: identity source ${text} is not run locally.`,
      );
    }
    return [header.toLowerCase()];
  });

const pathsOf = (deployment: Deployment, rootId: string): ReadonlyMap<string, string> => {
  const parts = new Map(
    deployment.of('AWS::ApiGateway::Resource').map((each) => [each.physical.ref, parse(PathPart, each)] as const),
  );
  const pathOf = (id: string): string => {
    const part = parts.get(id);
    if (part === undefined) return '';
    return `${pathOf(part.ParentId)}/${part.PathPart}`;
  };
  return new Map([[rootId, '/'], ...[...parts.keys()].map((id): [string, string] => [id, pathOf(id)])]);
};

/** By the authorizer's id. */
const authorizersOf = (deployment: Deployment): ReadonlyMap<string, AuthorizerModel> =>
  new Map(
    deployment.of('AWS::ApiGateway::Authorizer').map((each): [string, AuthorizerModel] => {
      const properties = parse(Authorizer, each);
      const headers = identityHeaders(properties.IdentitySource, each);
      return [each.physical.ref, { functionArn: functionOf(properties.AuthorizerUri, each), identityHeaders: headers }];
    }),
  );

const responsesOf = (deployment: Deployment): ReadonlyMap<string, GatewayResponse> =>
  new Map(
    deployment.of('AWS::ApiGateway::GatewayResponse').map((each): [string, GatewayResponse] => {
      const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = parse(
        GatewayResponseProperties,
        each,
      );
      const status = StatusCode === undefined ? undefined : Number(StatusCode);
      return [ResponseType, { status, parameters: ResponseParameters, templates: ResponseTemplates }];
    }),
  );

interface RouteContext {
  readonly paths: ReadonlyMap<string, string>;
  readonly authorizers: ReadonlyMap<string, AuthorizerModel>;
  readonly throttles: Throttles;
  /** Whether authorizers name the API keys of requests. */
  readonly authorizersNameKeys: boolean;
}

const routeOf = (method: Resource, { paths, authorizers, throttles, authorizersNameKeys }: RouteContext): Route => {
  const where = `stack ${method.stack.name}: ${method.logicalId}`;
  const properties = parse(Method, method);
  const resource = paths.get(properties.ResourceId);
  const authorizer = authorizers.get(properties.AuthorizerId ?? '');
  if (resource === undefined) throw new UserError(`${where} has no path.`);
  if (properties.ApiKeyRequired && (!authorizersNameKeys || authorizer === undefined))
    throw new UserError(`${where} needs an API key that no authorizer names.`);
  if (properties.AuthorizationType === 'CUSTOM' && authorizer === undefined)
    throw new UserError(`${where} names an authorizer that isn't there.`);
  return {
    method: properties.HttpMethod,
    resource,
    resourceId: properties.ResourceId,
    operationName: properties.OperationName,
    segments: resource.split('/').slice(1),
    functionArn: functionOf(properties.Integration.Uri, method),
    authorizer: properties.AuthorizationType === 'CUSTOM' ? authorizer : undefined,
    keyRequired: properties.ApiKeyRequired,
    throttle: throttles.ofOne.get(`${properties.HttpMethod} ${resource}`),
  };
};

const checkThrottles = ({ ofOne }: Throttles, routes: readonly Route[], stage: Resource): void => {
  for (const bound of ofOne.keys()) {
    if (routes.some(({ method, resource }) => `${method} ${resource}` === bound)) continue;
    throw new UserError(`stack ${stage.stack.name}: ${stage.logicalId} bounds ${bound}, which is no method.`);
  }
};

/** Stops the boot where API Gateway may not invoke a function of the API. */
const checkPermissions = (
  deployment: Deployment,
  { id, stage, routes }: Pick<ApiModel, 'id' | 'stage' | 'routes'>,
  authorizers: ReadonlyMap<string, AuthorizerModel>,
): void => {
  const mayInvoke = permissionsOf(deployment);
  const executeArn = `arn:aws:execute-api:${deployment.region}:${deployment.account}:${id}`;
  for (const [at, method] of deployment.of('AWS::ApiGateway::Method').entries()) {
    const route = routes[at];
    if (route === undefined) continue;
    const path = route.resource.replace(/\{[^}]+\}/g, '*');
    mayInvoke(route.functionArn, `${executeArn}/${stage}/${route.method}${path}`, method);
  }
  for (const each of deployment.of('AWS::ApiGateway::Authorizer')) {
    const functionArn = authorizers.get(each.physical.ref)?.functionArn ?? '';
    mayInvoke(functionArn, `${executeArn}/authorizers/${each.physical.ref}`, each);
  }
};

export const readApi = (deployment: Deployment): ApiModel => {
  const [api, ...others] = deployment.of('AWS::ApiGateway::RestApi');
  const [stage] = deployment.of('AWS::ApiGateway::Stage');
  if (api === undefined || stage === undefined || others.length > 0) {
    throw new UserError(`Zone ${deployment.zone} has not exactly one REST API with a stage.`);
  }
  const settings = parse(StageProperties, stage);
  const { ApiKeySourceType, BinaryMediaTypes } = parse(RestApi, api);
  const throttles = throttlesOf(settings.MethodSettings);
  const paths = pathsOf(deployment, api.physical.attributes.RootResourceId ?? '');
  const authorizers = authorizersOf(deployment);
  const context = { paths, authorizers, throttles, authorizersNameKeys: ApiKeySourceType !== undefined };
  const routes = deployment.of('AWS::ApiGateway::Method').map((method) => routeOf(method, context));
  checkThrottles(throttles, routes, stage);
  const model: ApiModel = {
    id: api.physical.ref,
    stage: settings.StageName,
    region: deployment.region,
    account: deployment.account,
    stageVariables: settings.Variables,
    routes,
    responses: responsesOf(deployment),
    accessLogFormat: settings.AccessLogSetting.Format,
    throttle: throttles.ofAll,
    binaryMediaTypes: BinaryMediaTypes,
  };
  checkPermissions(deployment, model, authorizers);
  return model;
};
