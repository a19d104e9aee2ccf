// The functions of a zone: each with credentials of its own, a log of its own, and processes that see the variables of its
// template and of the Lambda runtime (function.ts says which one is added).

import type { Deployment } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { type Authority, roleActor } from '../iam/authorize.ts';
import { type Principals, sessionArn } from '../iam/principals.ts';
import { accessesOf } from '../iam/service_side.ts';
import { compileCacheOf, type StateFolder } from '../storage/state.ts';
import { keepCode } from './code.ts';
import { definitionOf, type FunctionDefinition, localVariables, runtimeVariables } from './function.ts';
import { type FunctionLog, openFunctionLog } from './log.ts';
import { createPool, type Pool } from './pool.ts';
import type { StartLimiter } from './start_limiter.ts';

export interface FunctionsContext {
  readonly stage: string;
  readonly state: StateFolder;
  readonly awsUrl: string;
  readonly listenOrigin: string;
  readonly principals: Principals;
  readonly authority: Authority;
  readonly startLimiter: StartLimiter;
  /** Logs by the name under which AWS's messages know their functions. */
  readonly logs: Map<string, FunctionLog>;
  /** Shows what functions log as errors; absent unless asked for. */
  readonly show: ((text: string) => void) | undefined;
}

export interface ZoneFunctions {
  readonly definitions: readonly (FunctionDefinition & { readonly shortName: string })[];
  /** By ARN or name; complains about one that isn't there. */
  pool(functionArn: string): Pool;
  definition(functionArn: string): FunctionDefinition;
  stop(): Promise<void>;
}

export const startFunctions = async (deployment: Deployment, context: FunctionsContext): Promise<ZoneFunctions> => {
  const { stage, state, authority } = context;
  const { zone, region, account } = deployment;
  const declared = deployment.of('AWS::Lambda::Function').map(definitionOf);
  const copies = await keepCode(
    declared.map(({ codeFolder }) => codeFolder),
    zone,
    state,
  );
  const definitions = declared.map((each) => ({
    ...each,
    codeFolder: copies.get(each.codeFolder) ?? each.codeFolder,
    // `strongroom-development-us-money` -> `money`
    shortName: each.name.replace(`strongroom-${stage}-${zone}-`, ''),
  }));

  const pools = new Map<string, Pool>();
  for (const definition of definitions) {
    const { arn, roleArn, shortName: name, inVpc } = definition;
    const session = sessionArn(roleArn, definition.name);
    const credentials = context.principals.admit({
      kind: 'function',
      arn: session,
      roleArn,
      functionArn: arn,
      region,
      inVpc,
    });
    const environment = {
      ...runtimeVariables(definition, credentials, context.awsUrl),
      ...definition.variables,
      ...localVariables(name, context.listenOrigin),
      // Not the function's: the worker removes it before it loads the bundle.
      NODE_COMPILE_CACHE: compileCacheOf(state),
    };
    const path = state.file(`logs/${zone}-${name}.log`);
    const stream = `arn:aws:logs:${region}:${account}:log-group:${definition.logGroup}:log-stream:local`;
    const log = openFunctionLog(path, `${zone} ${name}`, context.show);
    context.logs.set(session, log);
    const mayWrite = authority.permits(region, roleActor(roleArn, session, region), accessesOf('writeLogs', stream));
    if (!mayWrite) log.silence();
    pools.set(
      arn,
      createPool({ name, arn, timeoutMs: definition.timeoutMs, environment, log, startLimiter: context.startLimiter }),
    );
  }

  const find = (asked: string): FunctionDefinition => {
    const found = definitions.find(({ arn, name }) => arn === asked || name === asked);
    if (found === undefined) throw new UserError(`Zone ${zone}: there is no function ${asked}.`);
    return found;
  };
  return {
    definitions,
    definition: find,
    pool(asked) {
      const pool = pools.get(asked) ?? pools.get(find(asked).arn);
      if (pool === undefined) throw new UserError(`Zone ${zone}: the function ${asked} has no processes.`);
      return pool;
    },
    stop: async () => void (await Promise.all([...pools.values()].map((pool) => pool.stop()))),
  };
};
