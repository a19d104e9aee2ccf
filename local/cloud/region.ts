// One region of a zone, running: its engine and tables, keys and secrets, functions, API, streams, queues and schedules, all as
// the synthesized templates say. With the zone's other region it shares what local/cloud/zone.ts gives it, and nothing else.

import { createWriteStream, type WriteStream } from 'node:fs';
import { createApiGatewayControl } from '../apigateway/control_plane.ts';
import type { GatewayListener } from '../apigateway/listener.ts';
import { readApi } from '../apigateway/model.ts';
import { createGateway } from '../apigateway/server.ts';
import { createUsage, type Usage } from '../apigateway/usage.ts';
import { openUsageKeys } from '../apigateway/usage_keys.ts';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { type Engine, type Program, startEngine } from '../dynamodb/engine.ts';
import { isStrong, knownTables } from '../dynamodb/known.ts';
import { createDynamoDb } from '../dynamodb/service.ts';
import type { StrongTables, StrongWrites } from '../dynamodb/strong_tables.ts';
import { createTable } from '../dynamodb/tables.ts';
import type { AwsEndpoint } from '../endpoint/server.ts';
import { busesOf, createEventBridge } from '../eventbridge/event_bridge.ts';
import { messageOf } from '../host/user_error.ts';
import { readPolicies } from '../iam/policies.ts';
import type { Recording } from '../iam/recording.ts';
import type { KmsKeys } from '../kms/keys.ts';
import { createKms } from '../kms/kms.ts';
import { rotateLog } from '../lambda/log.ts';
import type { Outcome } from '../lambda/process.ts';
import { checkTimeout, queueMappings } from '../lambda/queues/mapping.ts';
import { mayPoll } from '../lambda/queues/permission.ts';
import { type QueuePoller, startQueuePoller } from '../lambda/queues/poller.ts';
import { storeFailedBatch } from '../lambda/streams/failed_records.ts';
import { streamMappings } from '../lambda/streams/mapping.ts';
import { bucketKeys, streamRights } from '../lambda/streams/permissions.ts';
import { type Poller, type PollerOptions, startPoller } from '../lambda/streams/poller.ts';
import { type FunctionsContext, startFunctions, type ZoneFunctions } from '../lambda/zone_functions.ts';
import { readSchedules, runNow, type Schedule, scheduleMayStart, startSchedules } from '../scheduler/schedules.ts';
import { createRotations } from '../secretsmanager/rotation.ts';
import { createSecretsManager } from '../secretsmanager/secrets_manager.ts';
import type { StoredSecrets } from '../secretsmanager/stored_secrets.ts';
import { queuesOf } from '../sqs/definition.ts';
import { createSqs } from '../sqs/service.ts';
import { openQueues, type QueueStore } from '../sqs/store.ts';
import { openLines } from '../storage/lines.ts';
import { createFirewall } from '../waf/firewall.ts';
import { readWebAcl } from '../waf/model.ts';
import { checkDeployment } from './deployment_check.ts';
import { type SecretMetadata, secretMetadata } from './secret_metadata.ts';

/** What all zones of this machine share. */
export interface ZoneContext extends FunctionsContext {
  readonly aws: AwsEndpoint;
  /** Absent: nothing is recorded. */
  readonly recording: Recording | undefined;
  readonly warn: (text: string) => void;
}

/** What a region gets from its zone. */
export interface RegionContext extends ZoneContext {
  /** Its DynamoDB engine. */
  readonly program: Program;
  readonly keys: KmsKeys;
  readonly secrets: StoredSecrets;
  /** Behind all regions of the zone. Absent: the region runs alone, and its own engine holds what regions would share. */
  readonly strongEngine: Engine | undefined;
  readonly strongWrites: StrongWrites;
  /** False: the region is cut off from the other one and from the witness. */
  readonly isReachable: () => boolean;
  /** A table was written. */
  readonly onWrite: () => void;
}

export interface RunningRegion {
  readonly deployment: Deployment;
  readonly engine: Engine;
  readonly tablesMade: number;
  /** Names of the tables that are replicated. */
  readonly tables: readonly string[];
  /** Starts one process of each function that a request waits for. */
  warm(): void;
  runSchedule(name: string): Promise<Outcome> | undefined;
  /** Its secrets without their values. */
  secrets(): readonly SecretMetadata[];
  /** Begins a rotation, or attempts the one that is not complete again. False: there is no such secret. */
  rotateSecret(name: string): Promise<boolean>;
  /** Resolves with a sentence if its queues can't be stored. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
  /** SIGKILL to all its processes. */
  kill(): Promise<void>;
}

export const startRegion = async (
  deployment: Deployment,
  gateway: GatewayListener,
  context: RegionContext,
): Promise<RunningRegion> => {
  const { state, authority, aws } = context;
  const { zone, region } = deployment;
  const templates = readTemplates(deployment, context.recording);
  authority.govern(region, templates.policies);
  const engine = await startEngine(zone, region, state, context.program);
  const tables = deployment.of('AWS::DynamoDB::GlobalTable');
  const engineOf = (table: Resource): Engine => (isStrong(table) ? (context.strongEngine ?? engine) : engine);
  const made = await Promise.all(tables.map((table) => createTable(engineOf(table).client, table)));

  // The services and the pollers need each other: a write wakes the pollers, which call functions of the zone.
  const pollers: Poller[] = [];
  const services = await openServices(deployment, templates, engine, context, {
    onWrite() {
      for (const poller of pollers) poller.nudge();
      context.onWrite();
    },
    invoke: (arn, event) => functions.pool(arn).invoke(event),
  });
  const functions = await startFunctions(deployment, context);
  const access = serveGateway(deployment, gateway, functions, templates, createUsage(services.usageKeys), context);
  pollers.push(...startStreamPollers(deployment, templates, functions, engine, context));
  const queuePollers = startQueuePollers(templates, functions, services.store, context);
  const schedules = startZoneSchedules(templates.schedules, functions, region, context);
  services.rotations.start();

  const end = async (endEngine: () => Promise<void>): Promise<void> => {
    schedules.stop();
    services.rotations.stop();
    await Promise.all([...[...pollers, ...queuePollers].map((poller) => poller.stop()), functions.stop()]);
    await Promise.all([services.store.close(), services.rotations.settled()]);
    await endEngine();
    access.end();
    await services.bus.close();
  };
  return {
    deployment,
    engine,
    tablesMade: made.filter(Boolean).length,
    tables: tables.filter((table) => !isStrong(table)).map(({ physical }) => physical.ref),
    warm: () => warmAll(templates, functions),
    runSchedule: schedules.run,
    secrets: () => secretMetadata(context.secrets.held),
    rotateSecret: (name) => services.rotations.begin(name),
    broken: services.broken,
    stop: () => end(() => engine.stop()),
    async kill() {
      aws.close(region);
      // First, so that nothing is written any more. Functions have no other end than SIGKILL.
      await engine.kill();
      await end(async () => {});
    },
  };
};

const warmAll = ({ api }: Pick<Templates, 'api'>, functions: ZoneFunctions): void => {
  const invoked = api.routes.flatMap(({ functionArn, authorizer }) => [
    functionArn,
    authorizer?.functionArn ?? functionArn,
  ]);
  for (const arn of new Set(invoked)) functions.pool(arn).warm();
};

/** What the templates declare, read and checked before anything is started. */
const readTemplates = (deployment: Deployment, recording: Recording | undefined) => {
  const queues = queuesOf(deployment);
  const read = {
    api: readApi(deployment),
    webAcl: readWebAcl(deployment),
    streamMappings: streamMappings(deployment),
    queues,
    queueMappings: queueMappings(deployment, queues),
    schedules: readSchedules(deployment),
    tables: knownTables(deployment),
  };
  const declared = readPolicies(deployment);
  const policies = recording === undefined ? declared : recording.record(declared, deployment);
  checkDeployment(deployment, policies);
  return { ...read, policies };
};
type Templates = ReturnType<typeof readTemplates>;

interface ServiceHooks {
  /** A table was written. */
  readonly onWrite: () => void;
  readonly invoke: (functionArn: string, event: object) => Promise<Outcome>;
}

/** Opens the zone's AWS services at the AWS endpoint. */
const openServices = async (
  deployment: Deployment,
  { queues, tables }: Templates,
  engine: Engine,
  { state, aws, warn, keys, secrets, strongEngine, strongWrites, isReachable }: RegionContext,
  { onWrite, invoke }: ServiceHooks,
) => {
  const { zone, region, account } = deployment;
  const usageKeys = await openUsageKeys(deployment, state);
  const disk = Promise.withResolvers<string>();
  const store = await openQueues({
    path: state.file(`queues-${zone}.journal`),
    definitions: queues,
    failed: (thrown) => disk.resolve(`The queues of ${zone} can't be kept (${messageOf(thrown)}).`),
  });
  const bus = openLines(state.file(`bus-${zone}.jsonl`));
  const hasStrong = [...tables.values()].some(({ strongKeys }) => strongKeys !== undefined);
  const strong: StrongTables | undefined = hasStrong
    ? { enginePort: (strongEngine ?? engine).port, writes: strongWrites, isReachable }
    : undefined;
  const rotations = createRotations({ secrets, warn, invoke });
  aws.open(region, {
    dynamodb: createDynamoDb({ enginePort: engine.port, account, tables, onWrite, strong }),
    sqs: createSqs(store),
    kms: createKms(keys),
    apigateway: createApiGatewayControl(usageKeys),
    secretsmanager: createSecretsManager(secrets.held, { keep: secrets.keep, rotate: rotations.run }),
    events: createEventBridge({ account, buses: busesOf(deployment), keep: (line) => bus.append(line) }),
  });
  return { usageKeys, store, bus, rotations, broken: disk.promise };
};

/** Returns the access log. */
const serveGateway = (
  { zone }: Deployment,
  gateway: GatewayListener,
  { pool }: ZoneFunctions,
  { api, webAcl }: Templates,
  usage: Usage,
  { state, warn }: ZoneContext,
): WriteStream => {
  const path = state.file(`logs/${zone}-access.log`);
  rotateLog(path);
  const access = createWriteStream(path, { flags: 'a', mode: 0o600 });
  const firewall = webAcl && createFirewall(webAcl, Date.now);
  const log = (line: string): void => void access.write(`${line}\n`);
  gateway.serve(createGateway({ api, pool, usage, ...(firewall && { firewall }), log, warn }), api);
  return access;
};

const startStreamPollers = (
  deployment: Deployment,
  { streamMappings, tables }: Templates,
  functions: ZoneFunctions,
  engine: Engine,
  { state, authority, warn }: ZoneContext,
): Poller[] => {
  const { zone } = deployment;
  const known = { tables, bucketKeys: bucketKeys(deployment) };
  return streamMappings.map((mapping) => {
    const target = functions.definition(mapping.functionName);
    const functionArn = target.arn;
    const { mayRead, mayStoreFailed } = streamRights(authority, target, mapping, known);
    const storeFailed: PollerOptions['storeFailed'] = async (shard, records, why) => {
      if (!mayStoreFailed()) return undefined;
      return storeFailedBatch({ mapping, functionArn, shard, records, ...why, atMs: Date.now() }, zone, state);
    };
    const pool = functions.pool(functionArn);
    return startPoller({ mapping, engine: engine.client, pool, state, warn, mayRead, storeFailed });
  });
};

const startQueuePollers = (
  { queues, queueMappings }: Templates,
  functions: ZoneFunctions,
  store: QueueStore,
  { authority, warn }: ZoneContext,
): QueuePoller[] =>
  queueMappings.map((mapping) => {
    const target = functions.definition(mapping.functionName);
    checkTimeout(mapping, target.timeoutMs);
    const pool = functions.pool(target.arn);
    const mayReceive = (): boolean => mayPoll(authority, target, mapping.queue, queues);
    return startQueuePoller({ mapping, store, pool, warn, mayPoll: mayReceive });
  });

const startZoneSchedules = (
  schedules: readonly Schedule[],
  { pool }: ZoneFunctions,
  region: string,
  { authority, warn }: ZoneContext,
) => {
  const mayStart = (schedule: Schedule): boolean => scheduleMayStart(authority, schedule, region);
  return {
    stop: startSchedules(schedules.filter(mayStart), pool, warn),
    /** undefined: there is no schedule of the function. */
    run(functionName: string): Promise<Outcome> | undefined {
      const schedule = schedules.find(({ functionArn }) => pool(functionArn).name === functionName);
      if (schedule === undefined) return undefined;
      if (!mayStart(schedule)) return Promise.resolve({ kind: 'crashed', how: 'the schedule may not start it' });
      return runNow(schedule, pool(schedule.functionArn));
    },
  };
};
