// A function as its template declares it: code, handler, time limit, and environment. Its processes see the variables of the
// template and of the Lambda runtime, one more of our own, and never those of the person who runs the local cloud.

import * as v from 'valibot';
import { type FunctionRow, functions } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { codeFolder } from '../cloudformation/asset.ts';
import type { Resource } from '../cloudformation/deployment.ts';
import type { Credentials } from '../iam/principals.ts';

const Properties = v.object({
  Handler: v.pipe(v.string(), v.regex(/^[\w/-]+\.\w+$/)),
  Role: v.string(),
  Timeout: v.optional(v.number(), 3),
  MemorySize: v.optional(v.number(), 128),
  Environment: v.optional(
    v.object({ Variables: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}) }),
    {},
  ),
  LoggingConfig: v.optional(v.object({ LogGroup: v.optional(v.string()) }), {}),
});
const VpcConfig = v.optional(v.object({ SubnetIds: v.optional(v.array(v.string()), []) }));

export const isInVpc = (resource: Resource): boolean =>
  (v.parse(VpcConfig, resource.properties().VpcConfig)?.SubnetIds.length ?? 0) > 0;

/**
 * A function whose code stands in the template is called by CloudFormation while it deploys, and by nothing else: what it would
 * answer, local/cloudformation/physical.ts answers.
 */
export const runsAtDeployment = (resource: Resource): boolean =>
  v.is(v.object({ ZipFile: v.string() }), resource.properties().Code);

export interface FunctionDefinition {
  /** As AWS knows it. */
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly region: string;
  readonly inVpc: boolean;
  readonly codeFolder: string;
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  readonly logGroup: string;
  readonly variables: Readonly<Record<string, string>>;
}

export const definitionOf = (resource: Resource): FunctionDefinition => {
  const properties = v.parse(Properties, resource.properties());
  const name = resource.physical.ref;
  const variables = Object.entries(properties.Environment.Variables).map(([key, value]) => [key, String(value)]);
  return {
    name,
    arn: resource.physical.attributes.Arn ?? '',
    roleArn: properties.Role,
    region: resource.stack.region,
    inVpc: isInVpc(resource),
    codeFolder: codeFolder(resource),
    handler: properties.Handler,
    timeoutMs: properties.Timeout * 1000,
    memoryMiB: properties.MemorySize,
    logGroup: properties.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`,
    variables: Object.fromEntries(variables),
  };
};

/** Variables of the Lambda runtime (AWS Lambda developer guide, "Defined runtime environment variables"). */
export const runtimeVariables = (
  definition: FunctionDefinition,
  credentials: Credentials,
  awsEndpoint: string,
): Record<string, string> => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  // Without it the SDK would read the configuration of the person who runs the local cloud.
  HOME: definition.codeFolder,
  LAMBDA_TASK_ROOT: definition.codeFolder,
  _HANDLER: definition.handler,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: definition.region,
  AWS_DEFAULT_REGION: definition.region,
  AWS_LAMBDA_FUNCTION_NAME: definition.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMiB),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_ENDPOINT_URL: awsEndpoint,
});

/** Who writes the webhooks table stores where webhooks go, or delivers them: it decides whether an address is allowed. */
const decidesAddresses = (name: string): boolean => {
  const rows: Readonly<Record<string, FunctionRow>> = functions;
  const tables = Object.hasOwn(rows, name) ? (rows[name]?.tables ?? []) : [];
  return tables.some(({ table, verbs }) => table === 'webhooks' && verbs.includes('PutItem'));
};

/**
 * The one variable that no template holds: the origin on this machine at which `strongroom listen` receives webhooks of the
 * test mode.
 */
export const localVariables = (shortName: string, listenOrigin: string): Record<string, string> =>
  decidesAddresses(shortName) ? { [variables.listenOrigin]: listenOrigin } : {};
