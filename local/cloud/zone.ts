// One zone, running: its engine and tables, keys and secrets, functions, API, streams, queues and schedules, all as its
// synthesized templates say. Zones share nothing but this process.

import { createWriteStream } from 'node:fs';
import { createApiGatewayControl } from '../apigateway/control_plane.ts';
import type { GatewayListener } from '../apigateway/listener.ts';
import { readApi } from '../apigateway/model.ts';
import { createGateway } from '../apigateway/server.ts';
import { createUsage } from '../apigateway/usage.ts';
import { openUsageKeys } from '../apigateway/usage_keys.ts';
import type { Deployment } from '../cloudformation/deployment.ts';
import { chooseEngine, type Engine, startEngine } from '../dynamodb/engine.ts';
import { knownTables } from '../dynamodb/known.ts';
import { createDynamoDb } from '../dynamodb/service.ts';
import { createTable } from '../dynamodb/tables.ts';
import type { AwsEndpoint } from '../endpoint/server.ts';
import { busesOf, createEventBridge } from '../eventbridge/event_bridge.ts';
import { messageOf } from '../host/user_error.ts';
import { readPolicies } from '../iam/policies.ts';
import type { Recording } from '../iam/recording.ts';
import { zoneKeys } from '../kms/keys.ts';
import { createKms } from '../kms/kms.ts';
import { rotateLog } from '../lambda/log.ts';
import type { Outcome } from '../lambda/process.ts';
import { checkTimeout, queueMappings } from '../lambda/queues/mapping.ts';
import { mayPoll } from '../lambda/queues/permission.ts';
import { startQueuePoller } from '../lambda/queues/poller.ts';
import { storeFailedBatch } from '../lambda/streams/failed_records.ts';
import { streamMappings } from '../lambda/streams/mapping.ts';
import { bucketKeys, streamRights } from '../lambda/streams/permissions.ts';
import { type Poller, type PollerOptions, startPoller } from '../lambda/streams/poller.ts';
import { type FunctionsContext, startFunctions } from '../lambda/zone_functions.ts';
import { readSchedules, runNow, type Schedule, scheduleMayStart, startSchedules } from '../scheduler/schedules.ts';
import { zoneSecrets } from '../secretsmanager/generated_secret.ts';
import { createRotations } from '../secretsmanager/rotation.ts';
import { createSecretsManager } from '../secretsmanager/secrets_manager.ts';
import { openSecrets } from '../secretsmanager/stored_secrets.ts';
import { queuesOf } from '../sqs/definition.ts';
import { createSqs } from '../sqs/service.ts';
import { openQueues } from '../sqs/store.ts';
import { openLines } from '../storage/lines.ts';
import { checkDeployment } from './deployment_check.ts';
import { type SecretMetadata, secretMetadata } from './secret_metadata.ts';

export interface ZoneContext extends FunctionsContext {
  readonly aws: AwsEndpoint;
  /** Absent: nothing is recorded. */
  readonly recording: Recording | undefined;
  readonly warn: (text: string) => void;
}

export interface RunningZone {
  readonly deployment: Deployment;
  readonly engine: Engine;
  readonly tablesMade: number;
  /** Starts one process of each function that a request waits for. */
  warm(): void;
  runSchedule(name: string): Promise<Outcome> | undefined;
  /** What is known of its secrets, but for their values. */
  secrets(): readonly SecretMetadata[];
  /** Begins a rotation, or attempts the one that is not complete again. False: there is no such secret. */
  rotateSecret(name: string): Promise<boolean>;
  /** Resolves with a sentence if its queues can't be kept. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export const startZone = async (
  deployment: Deployment,
  gateway: GatewayListener,
  context: ZoneContext,
): Promise<RunningZone> => {
  const { state, authority, recording, warn } = context;
  const { zone, region, account } = deployment;
  const api = readApi(deployment);
  const mappings = streamMappings(deployment);
  const queues = queuesOf(deployment);
  const queueMapped = queueMappings(deployment, queues);
  const schedules = readSchedules(deployment);
  const read = readPolicies(deployment);
  const policies = recording === undefined ? read : recording.record(read, deployment);
  checkDeployment(deployment, policies);
  authority.govern(region, policies);
  const tables = knownTables(deployment);

  const engine = await startEngine(zone, region, state, chooseEngine());
  const made = await Promise.all(
    deployment.of('AWS::DynamoDB::GlobalTable').map((table) => createTable(engine.client, table)),
  );
  const usageKeys = await openUsageKeys(deployment, state);
  const pollers: Poller[] = [];
  const disk = Promise.withResolvers<string>();
  const store = await openQueues({
    path: state.file(`queues-${zone}.journal`),
    definitions: queues,
    failed: (thrown) => disk.resolve(`The queues of ${zone} can't be kept (${messageOf(thrown)}).`),
  });
  const bus = openLines(state.file(`bus-${zone}.jsonl`));
  const secrets = await openSecrets(deployment, await zoneSecrets(deployment, state), state);
  const rotations = createRotations({ secrets, warn, invoke: (arn, step) => functions.pool(arn).invoke(step) });
  context.aws.open(region, {
    dynamodb: createDynamoDb({
      enginePort: engine.port,
      account,
      tables,
      onWrite() {
        for (const poller of pollers) poller.nudge();
      },
    }),
    sqs: createSqs(store),
    kms: createKms(await zoneKeys(deployment, state)),
    apigateway: createApiGatewayControl(usageKeys),
    secretsmanager: createSecretsManager(secrets.held, { keep: secrets.keep, rotate: rotations.run }),
    events: createEventBridge({ account, buses: busesOf(deployment), keep: (line) => bus.append(line) }),
  });

  const functions = await startFunctions(deployment, context);
  const poolOf = functions.pool;

  const accessLog = state.file(`logs/${zone}-access.log`);
  rotateLog(accessLog);
  const access = createWriteStream(accessLog, { flags: 'a', mode: 0o600 });
  const usage = createUsage(usageKeys);
  gateway.serve(createGateway({ api, pool: poolOf, usage, log: (line) => access.write(`${line}\n`), warn }), api);
  const known = { tables, bucketKeys: bucketKeys(deployment) };
  for (const mapping of mappings) {
    const target = functions.definition(mapping.functionName);
    const { mayRead, mayStoreFailed } = streamRights(authority, target, mapping, known);
    const keep: PollerOptions['storeFailed'] = async (shard, records, why) =>
      mayStoreFailed()
        ? storeFailedBatch({ mapping, functionArn: target.arn, shard, records, ...why, atMs: Date.now() }, zone, state)
        : undefined;
    const pool = poolOf(target.arn);
    pollers.push(startPoller({ mapping, engine: engine.client, pool, state, warn, mayRead, storeFailed: keep }));
  }
  const queuePollers = queueMapped.map((mapping) => {
    const target = functions.definition(mapping.functionName);
    checkTimeout(mapping, target.timeoutMs);
    const may = (): boolean => mayPoll(authority, target, mapping.queue, queues);
    return startQueuePoller({ mapping, store, pool: poolOf(target.arn), warn, mayPoll: may });
  });
  const mayStart = (schedule: Schedule): boolean => scheduleMayStart(authority, schedule, region);
  const stopSchedules = startSchedules(schedules.filter(mayStart), poolOf, warn);
  rotations.start();

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
      if (schedule === undefined) return undefined;
      if (!mayStart(schedule)) return Promise.resolve({ kind: 'crashed', how: 'the schedule may not start it' });
      return runNow(schedule, poolOf(schedule.functionArn));
    },
    secrets: () => secretMetadata(secrets.held),
    rotateSecret: (name) => rotations.begin(name),
    broken: disk.promise,
    async stop() {
      stopSchedules();
      rotations.stop();
      await Promise.all([...[...pollers, ...queuePollers].map((poller) => poller.stop()), functions.stop()]);
      await Promise.all([store.close(), rotations.settled()]);
      await engine.stop();
      access.end();
      await bus.close();
    },
  };
};
