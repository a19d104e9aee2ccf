// One zone, running: its engine and tables, keys and secrets, functions, API, streams and schedules, all as its
// synthesized templates say. Zones share nothing but this process.

import { createWriteStream } from 'node:fs';
import { createDynamoDb } from './aws/dynamodb.ts';
import { zoneSecrets } from './aws/generated_secret.ts';
import { createKms } from './aws/kms.ts';
import { zoneKeys } from './aws/kms_keys.ts';
import { type Principals, sessionArn } from './aws/principals.ts';
import { createSecretsManager } from './aws/secrets_manager.ts';
import type { AwsEndpoint } from './aws/server.ts';
import type { Deployment } from './cloudformation/deployment.ts';
import { Complaint } from './complaint.ts';
import { chooseEngine, type Engine, startEngine } from './dynamodb/engine.ts';
import { createTable } from './dynamodb/tables.ts';
import type { GatewayListener } from './gateway/listener.ts';
import { readApi } from './gateway/model.ts';
import { createGateway } from './gateway/server.ts';
import { keepCode } from './lambda/code.ts';
import { definitionOf, runtimeVariables } from './lambda/function.ts';
import { openFunctionLog, setAside } from './lambda/log.ts';
import { createPool, type Pool } from './lambda/pool.ts';
import type { Outcome } from './lambda/process.ts';
import type { StartGate } from './lambda/start_gate.ts';
import { readSchedules, runNow, startSchedules } from './schedules.ts';
import type { StateFolder } from './state.ts';
import { streamMappings } from './streams/mapping.ts';
import { type Poller, startPoller } from './streams/poller.ts';

export interface ZoneContext {
  readonly stage: string;
  readonly state: StateFolder;
  readonly aws: AwsEndpoint;
  readonly awsUrl: string;
  readonly principals: Principals;
  readonly gate: StartGate;
  readonly complain: (text: string) => void;
  /** Shows what functions log as errors; absent unless asked for. */
  readonly show: ((text: string) => void) | undefined;
}

export interface RunningZone {
  readonly deployment: Deployment;
  readonly engine: Engine;
  readonly tablesMade: number;
  /** Starts one process of each function that a request waits for. */
  warm(): void;
  runSchedule(name: string): Promise<Outcome> | undefined;
  /** What the template tells the function, for the deployer. */
  variables(name: string): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** `strongroom-development-us-money` -> `money`. */
const shortName = (name: string, stage: string, zone: string): string =>
  name.replace(`strongroom-${stage}-${zone}-`, '');

export const startZone = async (
  deployment: Deployment,
  gateway: GatewayListener,
  context: ZoneContext,
): Promise<RunningZone> => {
  const { state, principals, stage, complain } = context;
  const { zone, region, account } = deployment;
  const api = readApi(deployment);
  const mappings = streamMappings(deployment);
  const schedules = readSchedules(deployment);
  const declared = deployment.of('AWS::Lambda::Function').map(definitionOf);
  const copies = await keepCode(
    declared.map(({ codeFolder }) => codeFolder),
    zone,
    state,
  );
  const definitions = declared.map((each) => ({ ...each, codeFolder: copies.get(each.codeFolder) ?? each.codeFolder }));

  const engine = await startEngine(zone, region, state, chooseEngine());
  const made = await Promise.all(
    deployment.of('AWS::DynamoDB::GlobalTable').map((table) => createTable(engine.client, table)),
  );
  const pollers: Poller[] = [];
  context.aws.open(region, {
    dynamodb: createDynamoDb({
      enginePort: engine.port,
      account,
      onWrite() {
        for (const poller of pollers) poller.nudge();
      },
    }),
    kms: createKms(await zoneKeys(deployment, state)),
    secretsmanager: createSecretsManager(await zoneSecrets(deployment, state)),
  });

  const pools = new Map<string, Pool>();
  for (const definition of definitions) {
    const name = shortName(definition.name, stage, zone);
    const { roleArn, name: functionName } = definition;
    const session = sessionArn(roleArn, functionName);
    const credentials = principals.admit({ kind: 'function', arn: session, roleArn, functionName, region });
    const { arn } = definition;
    const environment = {
      ...runtimeVariables(definition, credentials, context.awsUrl),
      ...definition.variables,
      // Not the function's: the worker removes it before it loads the bundle.
      NODE_COMPILE_CACHE: state.file('compile-cache'),
    };
    const log = openFunctionLog(state.file(`logs/${zone}-${name}.log`), `${zone} ${name}`, context.show);
    pools.set(arn, createPool({ name, arn, timeoutMs: definition.timeoutMs, environment, log, gate: context.gate }));
  }
  const poolOf = (arn: string): Pool => {
    const pool = pools.get(arn) ?? [...pools.values()].find((each) => each.arn.endsWith(`:function:${arn}`));
    if (pool === undefined) throw new Complaint(`Zone ${zone}: there is no function ${arn}.`);
    return pool;
  };

  const accessLog = state.file(`logs/${zone}-access.log`);
  setAside(accessLog);
  const access = createWriteStream(accessLog, { flags: 'a', mode: 0o600 });
  gateway.serve(createGateway({ api, pool: poolOf, log: (line) => access.write(`${line}\n`), complain }), api);
  for (const mapping of mappings) {
    pollers.push(startPoller({ mapping, engine: engine.client, pool: poolOf(mapping.functionName), state, complain }));
  }
  const stopSchedules = startSchedules(schedules, poolOf, complain);

  return {
    deployment,
    engine,
    tablesMade: made.filter(Boolean).length,
    warm() {
      const waitedFor = api.routes.flatMap(({ functionArn, authorizer }) => [
        functionArn,
        authorizer?.functionArn ?? functionArn,
      ]);
      for (const arn of new Set(waitedFor)) poolOf(arn).warm();
    },
    runSchedule(name) {
      const schedule = schedules.find(({ functionArn }) => poolOf(functionArn).name === name);
      return schedule && runNow(schedule, poolOf(schedule.functionArn));
    },
    variables: (name) => definitions.find((each) => shortName(each.name, stage, zone) === name)?.variables ?? {},
    async stop() {
      stopSchedules();
      await Promise.all([...pollers.map((poller) => poller.stop()), ...[...pools.values()].map((pool) => pool.stop())]);
      await engine.stop();
      access.end();
    },
  };
};
