// The functions of a zone: each with credentials of its own, a log of its own, and processes that see the variables of its
// template and of the Lambda runtime (function.ts says which one is added).

import type { Deployment } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { type Authority, roleActor } from '../iam/authorize.ts';
import { type Principals, sessionArn } from '../iam/principals.ts';
import { accessesOf } from '../iam/service_side.ts';
import { compileCacheOf, type StateFolder } from '../storage/state.ts';
import { aliasesOf } from './aliases.ts';
import type { FunctionClock } from './clock.ts';
import { copyCode } from './code.ts';
import {
  definitionOf,
  type FunctionDefinition,
  localVariables,
  runsAtDeployment,
  runtimeVariables,
} from './function.ts';
import type { Hosts } from './internet.ts';
import { type FunctionLog, openFunctionLog } from './log.ts';
import { createPool, type Pool } from './pool.ts';
import type { StartLimiter } from './start_limiter.ts';

export interface FunctionsContext {
  readonly stage: string;
  readonly state: StateFolder;
  readonly awsUrl: string;
  readonly listenOrigin: string;
  /** What speaks for processors on this machine. Absent: nothing does. */
  readonly hosts?: Hosts | undefined;
  readonly principals: Principals;
  readonly authority: Authority;
  readonly startLimiter: StartLimiter;
  readonly clock: FunctionClock;
  /** Logs by the name under which AWS's messages know their functions. */
  readonly logs: Map<string, FunctionLog>;
  /** Shows what functions log as errors; absent unless asked for. */
  readonly show: ((text: string) => void) | undefined;
  /** Called with each line that a function may write into its log group. */
  readonly observe?: ((logGroup: string, line: string) => void) | undefined;
}

export interface ZoneFunctions {
  /** By ARN, name or an alias's ARN, as the definition. Throws where there is no such function. */
  pool(functionArn: string): Pool;
  definition(functionArn: string): FunctionDefinition;
  stop(): Promise<void>;
}

type NamedDefinition = FunctionDefinition & { readonly shortName: string };

const readDefinitions = async (
  deployment: Deployment,
  { stage, state }: FunctionsContext,
): Promise<readonly NamedDefinition[]> => {
  const { zone } = deployment;
  const declared = deployment
    .of('AWS::Lambda::Function')
    .filter((each) => !runsAtDeployment(each))
    .map(definitionOf);
  const copies = await copyCode(
    declared.map(({ codeFolder }) => codeFolder),
    zone,
    state,
  );
  return declared.map((each) => ({
    ...each,
    codeFolder: copies.get(each.codeFolder) ?? each.codeFolder,
    // `strongroom-development-us-money` -> `money`
    shortName: each.name.replace(`strongroom-${stage}-${zone}-`, ''),
  }));
};

const openPool = (
  { zone, region, account }: Deployment,
  definition: NamedDefinition,
  { state, authority, principals, logs, ...context }: FunctionsContext,
): Pool => {
  const { arn, roleArn, shortName: name, inVpc, timeoutMs } = definition;
  const session = sessionArn(roleArn, definition.name);
  const credentials = principals.admit({ kind: 'function', arn: session, roleArn, functionArn: arn, region, inVpc });
  const environment = {
    ...runtimeVariables(definition, credentials, context.awsUrl),
    ...definition.variables,
    ...localVariables(name, context.listenOrigin),
    // Not the function's: the worker removes it before it loads the bundle.
    NODE_COMPILE_CACHE: compileCacheOf(state),
  };
  const log = openFunctionLog(state.file(`logs/${zone}-${name}.log`), `${zone} ${name}`, context.show, (line) =>
    context.observe?.(definition.logGroup, line),
  );
  logs.set(session, log);
  const stream = `arn:aws:logs:${region}:${account}:log-group:${definition.logGroup}:log-stream:local`;
  const mayWrite = authority.permits(region, roleActor(roleArn, session, region), accessesOf('writeLogs', stream));
  if (!mayWrite) log.silence();
  const { startLimiter, clock, hosts } = context;
  return createPool({ name, arn, timeoutMs, environment, log, startLimiter, clock, hosts });
};

export const startFunctions = async (deployment: Deployment, context: FunctionsContext): Promise<ZoneFunctions> => {
  const { zone } = deployment;
  const definitions = await readDefinitions(deployment, context);
  const pools = new Map(definitions.map((each) => [each.arn, openPool(deployment, each, context)]));
  const aliases = aliasesOf(deployment);
  const find = (asked: string): FunctionDefinition => {
    const named = aliases.get(asked) ?? asked;
    const found = definitions.find(({ arn, name }) => arn === named || name === named);
    if (found === undefined) throw new UserError(`Zone ${zone}: there is no function ${asked}.`);
    return found;
  };
  return {
    definition: find,
    pool(asked) {
      const pool = pools.get(asked) ?? pools.get(find(asked).arn);
      if (pool === undefined) throw new UserError(`Zone ${zone}: the function ${asked} has no processes.`);
      return pool;
    },
    stop: async () => void (await Promise.all([...pools.values()].map((pool) => pool.stop()))),
  };
};
