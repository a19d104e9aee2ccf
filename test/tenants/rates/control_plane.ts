// API Gateway's control plane on loopback, with the plans of contract/kernel/rates.ts, and a real SDK client that calls it. It can
// be told to fail: before a call does anything, or after it did and the answer was lost.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { rateName, rates } from '../../../contract/kernel/rates.ts';
import { createApiGatewayControl } from '../../../local/apigateway/control_plane.ts';
import { openUsageKeys, type UsageKeys } from '../../../local/apigateway/usage_keys.ts';
import { deploy } from '../../../local/cloudformation/deployment.ts';
import { AwsError } from '../../../local/endpoint/error.ts';
import { createAwsEndpoint } from '../../../local/endpoint/server.ts';
import type { Call, Reply } from '../../../local/endpoint/service.ts';
import { listen } from '../../../local/host/ports.ts';
import { createPrincipals } from '../../../local/iam/principals.ts';
import { openState } from '../../../local/storage/state.ts';
import { createRecorder } from '../../../proof/privileges/recorder.ts';
import { recordingsFolder } from '../../../proof/privileges/recordings_folder.ts';
import { resource, stack, zoneOf } from '../../local/stacks.ts';

const region = 'us-east-1';

/** `lost`: it happened, but nobody is told. */
export type Fate = 'answered' | 'refused' | 'lost';

export interface ControlPlane {
  readonly client: APIGatewayClient;
  readonly keys: UsageKeys;
  /** Rate -> id of its plan. */
  readonly plans: Readonly<Record<string, string>>;
  /** `<action> <resource>` of every call so far. */
  readonly asked: string[];
  /** What happens to the next call, each time it is asked. */
  fate: (operation: string) => Fate;
  /** As a restart finds it. */
  reopened(): Promise<UsageKeys>;
  stop(): Promise<void>;
}

export async function openControlPlane(): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-rates-'));
  const state = await openState(folder);
  const logicalId = (mode: string, rateClass: string): string => `Plan${mode}${rateClass}`;
  const deployment = deploy(
    zoneOf(
      stack(
        'api',
        Object.fromEntries(
          rates.map(({ mode, rateClass, requestsPerSecond, burstRequests }) => [
            logicalId(mode, rateClass),
            resource('AWS::ApiGateway::UsagePlan', {
              ApiStages: [{ ApiId: 'api', Stage: 'api' }],
              Throttle: { RateLimit: requestsPerSecond, BurstLimit: burstRequests },
            }),
          ]),
        ),
      ),
    ),
    {},
  );
  const refOf = (id: string): string =>
    deployment.of('AWS::ApiGateway::UsagePlan').find((each) => each.logicalId === id)?.physical.ref ?? '';
  const keys = await openUsageKeys(deployment, state);
  const service = createApiGatewayControl(keys);
  const asked: string[] = [];
  const recordings = recordingsFolder();
  const recorder = recordings && createRecorder(join(recordings, `provisioner-${process.hrtime.bigint()}.jsonl`));
  const principals = createPrincipals();
  const aws = createAwsEndpoint({ principals, authorize: () => {}, warn: (text) => console.error(text) });
  const plane: Omit<ControlPlane, 'client' | 'stop'> = {
    keys,
    plans: Object.fromEntries(rates.map((rate) => [rateName(rate), refOf(logicalId(rate.mode, rate.rateClass))])),
    asked,
    fate: () => 'answered',
    reopened: () => openUsageKeys(deployment, state),
  };
  aws.open(region, {
    apigateway: {
      ...service,
      accesses(call) {
        const accesses = service.accesses(call);
        for (const access of accesses) {
          asked.push(`${access.action} ${access.resource}`);
          // The plans' ids are this world's own.
          if (recorder && access.resource.endsWith('/apikeys')) recorder.note('usage_key_provisioner', access);
        }
        return accesses;
      },
      async answer(call: Call): Promise<Reply> {
        const fate = plane.fate(call.operation);
        if (fate === 'refused') throw new AwsError('TooManyRequestsException', 'Rate exceeded', 429);
        const reply = await service.answer(call);
        if (fate === 'lost') throw new AwsError('ServiceUnavailableException', 'Try again', 503);
        return reply;
      },
    },
  });
  const port = await listen(aws.server, { what: 'the control plane' });
  const client = new APIGatewayClient({
    region,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: principals.admit({ kind: 'deployer', arn: 'arn:aws:iam::000000000000:role/test' }),
    maxAttempts: 1,
  });
  return Object.assign(plane, {
    client,
    async stop() {
      client.destroy();
      aws.server.closeAllConnections();
      aws.server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
