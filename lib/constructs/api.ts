// The REST API: TLS 1.3 only, one authorizer before every method that callers of ours use, bodies passed on byte for byte,
// problems in our own form, and an access log that never holds a path, a query or a credential.

import {
  aws_apigateway as apigateway,
  CfnOutput,
  Duration,
  type aws_kms as kms,
  aws_lambda as lambda,
  type Stack,
} from 'aws-cdk-lib';
import { accessLogFormat } from '../derive/access_log.ts';
import { authorizerName } from '../derive/function_stack.ts';
import { ingressMethod } from '../derive/ingress.ts';
import { answeringArn } from '../derive/live_alias.ts';
import { apiName, type ZoneDeployment } from '../derive/names.ts';
import { addGatewayProblems } from '../derive/problems.ts';
import { profileOf, type Throttle } from '../derive/profile.ts';
import { addRoutes } from '../derive/routes.ts';
import type { UsagePlanIds } from '../derive/scope.ts';
import { apiHost, regionHost } from '../derive/urls.ts';
import { addUsagePlans } from '../derive/usage_plans.ts';
import { addLogGroup } from './log_group.ts';

export interface ApiProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
}

export interface MadeApi {
  readonly api: apigateway.RestApi;
  readonly usagePlanIds: UsagePlanIds;
  /** By host name. Without a domain there is none. */
  readonly addresses: Readonly<Record<string, Address>>;
}

/** What an alias of Route 53 leads to. */
export interface Address {
  readonly target: string;
  readonly hostedZoneId: string;
}

/** TLS 1.3 only, and no connection whose server name is not the API's own (promise NET-3). */
const tls13Only = {
  securityPolicy: apigateway.SecurityPolicy.TLS13_1_3_2025_09,
  endpointAccessMode: apigateway.EndpointAccessMode.STRICT,
} as const;

/** A method with settings of its own inherits none of the stage's, so each names all of them (known, not looked up). */
const settings = ({ requestsPerSecond, burstRequests }: Throttle) => ({
  throttlingRateLimit: requestsPerSecond,
  throttlingBurstLimit: burstRequests,
  // Execution logs would hold headers and bodies.
  loggingLevel: apigateway.MethodLoggingLevel.OFF,
  dataTraceEnabled: false,
  // The API's own metrics are there without; those of each method cost, and nothing reads them (CloudWatch pricing, read 2026-11).
  metricsEnabled: false,
});

/**
 * Every body, whatever its content type, reaches its function as base64 of the bytes that came: as text, bytes that are not
 * UTF-8 would be replaced, and no signature over them would hold. Responses are unchanged: of a proxy integration only
 * those that say `isBase64Encoded` are decoded (API Gateway developer guide, "Return binary media from a Lambda proxy
 * integration", whose example answers with text under this setting, read 2026-11).
 */
const asBytes = ['*/*'];

export function addApi(stack: Stack, { deployment, key }: ApiProps): MadeApi {
  const { domain } = deployment.stageConfig;
  const api = addRestApi(stack, { deployment, key });
  addRoutes({ stack, deployment, api, authorizer: addAuthorizer(stack, deployment) });
  const usagePlanIds = addUsagePlans(stack, { deployment, api });
  addGatewayProblems(api);
  return { api, usagePlanIds, addresses: domain === undefined ? {} : addDomains(stack, api, deployment, domain) };
}

function addRestApi(stack: Stack, { deployment, key }: ApiProps): apigateway.RestApi {
  const { throttle } = profileOf(deployment);
  const accessLog = addLogGroup(stack, 'access-logs', { deployment, key, name: 'access' });
  const api = new apigateway.RestApi(stack, 'api', {
    restApiName: apiName(deployment),
    description: `Strongroom's API in the zone ${deployment.zone}`,
    endpointConfiguration: { types: [apigateway.EndpointType.REGIONAL] },
    // With a domain there is one address, not two.
    disableExecuteApiEndpoint: deployment.stageConfig.domain !== undefined,
    cloudWatchRole: false,
    // The authorizer decides under whose limit a request counts: a key that a client sends is not read.
    apiKeySourceType: apigateway.ApiKeySourceType.AUTHORIZER,
    binaryMediaTypes: asBytes,
    deployOptions: {
      stageName: 'api',
      ...settings(throttle.api),
      methodOptions: { [ingressMethod]: settings(throttle.ingress) },
      accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
      accessLogFormat: apigateway.AccessLogFormat.custom(accessLogFormat),
    },
  });
  const resource = api.node.defaultChild as apigateway.CfnRestApi;
  resource.securityPolicy = tls13Only.securityPolicy;
  resource.endpointAccessMode = tls13Only.endpointAccessMode;
  return api;
}

function addAuthorizer(stack: Stack, deployment: ZoneDeployment): apigateway.IAuthorizer {
  const handler = lambda.Function.fromFunctionAttributes(stack, 'authorizer-function', {
    functionArn: answeringArn(stack, deployment, authorizerName),
    // Of this account and region, so that its permission is part of this stack.
    sameEnvironment: true,
  });
  return new apigateway.RequestAuthorizer(stack, 'api-authorizer', {
    authorizerName: 'authorizer',
    handler,
    // The gateway itself answers 401 where it is missing.
    identitySources: [apigateway.IdentitySource.header('Authorization')],
    // Nothing is cached: a revoked key is refused by the next request.
    resultsCacheTtl: Duration.seconds(0),
  });
}

/** API Gateway takes one of its own region alone. */
const certificateOf = ({ position, zoneConfig }: ZoneDeployment): string | undefined =>
  position === 'home' ? zoneConfig.certificateArn : zoneConfig.secondCertificateArn;

/** The zone's address, and where it has two regions one of this region alone. */
function addDomains(
  stack: Stack,
  api: apigateway.RestApi,
  deployment: ZoneDeployment,
  domain: string,
): Readonly<Record<string, Address>> {
  const { zone, region, otherRegion } = deployment;
  const host = apiHost(zone, domain);
  const ofZone = { [host]: addDomain(stack, api, deployment, 'domain', host) };
  if (otherRegion === undefined) return ofZone;
  const own = regionHost(zone, region, domain);
  return { ...ofZone, [own]: addDomain(stack, api, deployment, 'region-domain', own) };
}

function addDomain(
  stack: Stack,
  api: apigateway.RestApi,
  deployment: ZoneDeployment,
  id: string,
  host: string,
): Address {
  const domain = new apigateway.CfnDomainName(stack, id, {
    domainName: host,
    regionalCertificateArn: certificateOf(deployment) ?? '',
    endpointConfiguration: { types: ['REGIONAL'] },
    ...tls13Only,
  });
  new apigateway.CfnBasePathMapping(stack, `${id}-mapping`, {
    domainName: domain.ref,
    restApiId: api.restApiId,
    stage: api.deploymentStage.stageName,
  });
  new CfnOutput(stack, id === 'domain' ? 'DomainTarget' : 'RegionDomainTarget', {
    description: `Point ${host} here`,
    value: domain.attrRegionalDomainName,
  });
  return { target: domain.attrRegionalDomainName, hostedZoneId: domain.attrRegionalHostedZoneId };
}
