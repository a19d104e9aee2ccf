// The CDK app: every zone of every stage of the configuration. Everything below it is derived from the contract.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { ZoneName } from '../contract/kernel/zones.ts';
import { addCompliance } from './compliance/checks.ts';
import type { Exception } from './compliance/exceptions.ts';
import type { Config } from './config.ts';
import { accountStackId, accountStackName, homeOf, secondOf, type ZoneDeployment } from './derive/names.ts';
import { cliContext, flags } from './flags.ts';
import { AccountStack } from './stacks/account.ts';
import { ZoneStage } from './stages/zone.ts';

export interface Synthesis {
  /** Folder of the cloud assembly. */
  readonly outdir: string;
  /** RFC 3339 full-date, UTC: exceptions from compliance rules expire. */
  readonly today: string;
  /** Name of a locked stage whose stacks are made for the first time (lib/derive/removal.ts). */
  readonly creating?: string | undefined;
  /** Name of a stage whose functions are changed at once (lib/derive/live_alias.ts). */
  readonly atOnce?: string | undefined;
  /** Another table than ours in tests alone. */
  readonly exceptions?: readonly Exception[];
}

export function buildApp(config: Config, { outdir, today, creating, atOnce, exceptions }: Synthesis): App {
  emptyAssembly(outdir);
  const app = new App({
    outdir,
    autoSynth: false,
    analyticsReporting: false,
    context: flags,
    postCliContext: { ...flags, ...cliContext },
  });
  const deployments = Object.entries(config.stages).flatMap(([stage, stageConfig]) =>
    (Object.keys(stageConfig.zones) as ZoneName[]).map((zone) => ({
      ...homeOf(stage, stageConfig, zone),
      creating: stage === creating,
      atOnce: stage === atOnce,
    })),
  );
  addAccounts(
    app,
    deployments.flatMap((home) => [home, secondOf(home) ?? home]),
  );
  const zones = deployments.map((deployment) => new ZoneStage(app, config, deployment));
  addCompliance(app, zones, today, exceptions);
  return app;
}

/** One stack for each account and region of the deployments, before all others: no stage can wait for what is outside of it. */
function addAccounts(app: App, deployments: readonly Pick<ZoneDeployment, 'region' | 'zoneConfig'>[]): void {
  for (const { region, zoneConfig } of deployments) {
    const { account } = zoneConfig;
    const id = accountStackId(region, account);
    if (app.node.tryFindChild(id) !== undefined) continue;
    new AccountStack(app, id, {
      stackName: accountStackName,
      // Protected, a creation that failed could not be made again, and a sandbox has no second pass. What a deletion would take
      // from others outlives it.
      env: { region, ...(account !== undefined && { account }) },
    });
  }
}

/** The CDK adds to what is there: a stage or zone that the configuration no longer has would still be run and deployed. */
function emptyAssembly(outdir: string): void {
  if (!existsSync(join(outdir, 'manifest.json'))) return;
  for (const name of readdirSync(outdir)) {
    // The CDK CLI locks the folder by files in it.
    if (!name.endsWith('.lock')) rmSync(join(outdir, name), { recursive: true });
  }
}
