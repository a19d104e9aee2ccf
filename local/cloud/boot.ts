// Boots the local cloud step by step: ports, synthesis, engines, functions, API, streams, queues, schedules, demo tenants.
// Whatever fails on the way is stopped again; nothing is left running behind a complaint.

import type { Server } from 'node:http';
import { createListener, type GatewayListener } from '../apigateway/listener.ts';
import { readAssembly } from '../cloudformation/assembly.ts';
import { deploy } from '../cloudformation/deployment.ts';
import { createAwsEndpoint } from '../endpoint/server.ts';
import { localLimits } from '../host/limits.ts';
import { claimPort, listen } from '../host/ports.ts';
import { createAuthority } from '../iam/authorize.ts';
import { createPrincipals } from '../iam/principals.ts';
import { openRecording } from '../iam/recording.ts';
import type { FunctionLog } from '../lambda/log.ts';
import { createStartLimiter } from '../lambda/start_limiter.ts';
import { takeLock } from '../storage/lock.ts';
import { openState } from '../storage/state.ts';
import { deployerFile, listenPort, Ports, portsFile, url } from './addresses.ts';
import type { Options } from './arguments.ts';
import { createControl } from './control.ts';
import { type Demo, provideDemo } from './demo.ts';
import { startProcessor } from './processor.ts';
import { say, step } from './progress.ts';
import { synthesize } from './synth.ts';
import { type RunningZone, startZone } from './zone.ts';

export interface LocalCloud {
  readonly api: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly control: string;
  /** Where webhooks of the test mode may be received. */
  readonly listen: string;
  readonly demo: Demo;
  /** Resolves with a sentence if something that everything needs has ended. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

export const boot = async (
  options: Options,
  projectRoot: string,
  warn: (text: string) => void,
): Promise<LocalCloud> => {
  const state = await openState(options.state);
  const undo: (() => Promise<void> | void)[] = [takeLock(state.path)];
  const stop = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) await each();
  };
  const serving = (server: Server): Server => {
    undo.push(() => close(server));
    return server;
  };

  try {
    const remembered = await state.read(portsFile, Ports);
    const told = (offset: number): number | undefined => options.port && options.port + offset;
    // Taken ports are reported before anything slow begins.
    if (options.port !== undefined)
      for (const offset of [0, 1, 2]) await claimPort({ told: told(offset), what: '--port' });

    if (options.synth) await step('functions bundled, templates synthesized', () => synthesize(projectRoot));
    const assemblies = readAssembly(options.assembly, options.stage);

    const principals = createPrincipals();
    const deployer = principals.admit({ kind: 'deployer', arn: 'arn:aws:iam::000000000000:role/local-deployer' });
    const logs = new Map<string, FunctionLog>();
    const shown = new Set<string>();
    const authority = createAuthority({
      refused(actor, message) {
        logs.get(actor)?.refused(message);
        if (shown.has(message) || shown.size >= localLimits.refusalsShown) return;
        shown.add(message);
        warn(message);
      },
    });
    const aws = createAwsEndpoint({ principals, authorize: authority.authorize, warn });
    const awsUrl = url(await listen(serving(aws.server), { what: 'the AWS endpoint' }));

    const gateways = new Map<string, GatewayListener>();
    const listenAt = await listenPort(remembered?.listen);
    const ports: Ports = { api: {}, processor: 0, control: 0, listen: listenAt };
    for (const [at, { zone }] of assemblies.entries()) {
      const gateway = createListener();
      const wish = {
        told: at < 2 ? told(at) : undefined,
        remembered: remembered?.api[zone],
        what: `API of zone ${zone}`,
      };
      ports.api[zone] = await listen(serving(gateway.server), wish);
      gateways.set(zone, gateway);
    }
    const api = Object.fromEntries(Object.entries(ports.api).map(([zone, port]) => [zone, url(port)]));

    const wish = { told: told(2), remembered: remembered?.processor, what: 'the test processor' };
    ports.processor = await claimPort(wish);
    const processor = await step(
      'test processor',
      () => startProcessor(ports.processor, state),
      ({ url }) => url,
    );
    undo.push(() => processor.stop());

    // What merchants put before a path; the version is part of it.
    const baseUrls = Object.fromEntries(Object.entries(api).map(([zone, url]) => [zone, `${url}/v1`]));
    const parameters = { TestProcessorUrl: processor.url, BaseUrls: JSON.stringify(baseUrls) };
    const show = options.verbose ? warn : undefined;
    const startLimiter = createStartLimiter();
    const recording = options.record === undefined ? undefined : openRecording(options.record);
    const context = {
      stage: options.stage,
      state,
      aws,
      awsUrl,
      listenOrigin: url(listenAt),
      principals,
      authority,
      recording,
      logs,
      startLimiter,
      warn,
      show,
    };
    const zones: RunningZone[] = [];
    for (const assembly of assemblies) {
      const gateway = gateways.get(assembly.zone);
      if (gateway === undefined) continue;
      const running = await step(
        `zone ${assembly.zone}: engine, tables, queues, functions, API, streams, schedules`,
        () => startZone(deploy(assembly, parameters, awsUrl), gateway, context),
        ({ engine, tablesMade }) => `${api[assembly.zone]} (${engine.name}, ${tablesMade} new tables)`,
      );
      if (assembly.secondRegion.length > 0) {
        say(`          zone ${assembly.zone}: its second region is not run: ${assembly.secondRegion.join(', ')}`);
      }
      zones.push(running);
      undo.push(() => running.stop());
    }

    let ready = false;
    const control = createControl({
      ready: () => ready,
      runSchedule: (zone, name) => zones.find(({ deployment }) => deployment.zone === zone)?.runSchedule(name),
      secrets: (zone) => zones.find(({ deployment }) => deployment.zone === zone)?.secrets(),
      rotateSecret: async (zone, name) =>
        (await zones.find(({ deployment }) => deployment.zone === zone)?.rotateSecret(name)) === true,
    });
    ports.control = await listen(serving(control), { remembered: remembered?.control, what: 'the control endpoint' });
    await state.write(portsFile, ports);
    await state.write(deployerFile, { stage: options.stage, endpoint: awsUrl, credentials: deployer });

    const demo = options.demo
      ? await step('operators and demo tenants', () =>
          provideDemo(
            zones.map(({ deployment }) => deployment.zone),
            state,
            { projectRoot, stage: options.stage, awsUrl, deployer, api },
          ),
        )
      : { operator_keys: {}, tenants: [] };
    ready = true;
    for (const zone of zones) zone.warm();

    let stopping = false;
    const broken = Promise.race([
      processor.ended.then((how) => `The test processor ended (${how}).`),
      ...zones.map(({ broken }) => broken),
      ...zones.map(
        async ({ engine, deployment }) => `The DynamoDB engine of ${deployment.zone} ended (${await engine.ended}).`,
      ),
    ]).then((sentence) => (stopping ? new Promise<string>(() => {}) : sentence));
    return {
      api,
      provider: processor.url,
      control: url(ports.control),
      listen: url(listenAt),
      demo,
      broken,
      stop() {
        stopping = true;
        return stop();
      },
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};
