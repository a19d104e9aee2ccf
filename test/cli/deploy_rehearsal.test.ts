// `strongroom deploy`, run again and again by somebody for whom each stack fails once, over the real templates and a model of
// CloudFormation: every run goes on where the last one stopped, and in the end everything stands, and is protected where it is locked.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Assembled, deployPlan } from '../../cli/deploy/deploy.ts';
import { type Known, planOf } from '../../cli/deploy/plan.ts';
import { type StageAssembly, stageIn } from '../../cli/stage_assembly.ts';
import { buildApp } from '../../lib/app.ts';
import type { AssembledStack } from '../../lib/cloud_assembly.ts';
import { configure } from '../../lib/config.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { Account } from '../../proof/deployment/cloudformation.ts';
import { accountStacksOf, stacksOf } from '../../proof/deployment/stacks.ts';
import { unvalidated } from '../infra/unvalidated.ts';
import { assembly } from '../kit/run.ts';

const creating = mkdtempSync(join(tmpdir(), 'strongroom-rehearsal-'));
afterAll(() => rmSync(creating, { recursive: true }));
const regions = ['us-east-1', 'us-west-2'];
/** Longer than any name stays taken that is free again by itself. */
const aWhileSeconds = 61;

const knownOf = (account: Account, stacks: readonly AssembledStack[]): Known => {
  const there = stacks.filter(({ id }) => account.stacks.has(id));
  return {
    deployed: new Map(
      [...Map.groupBy(there, ({ region }) => region)].map(([region, here]) => [
        region,
        new Map(here.map(({ id, name }) => [name, account.stacks.get(id)?.status ?? ''])),
      ]),
    ),
    protected: new Set(there.filter(({ id }) => account.stacks.get(id)?.terminationProtection).map(({ id }) => id)),
  };
};

/** Runs the command until it ends well; what it said each time. */
async function runUntilDone(zone: string, folders: { readonly asItIs: string; readonly toMake: string }) {
  const { account: once, stacks: own } = stageIn(folders.asItIs, zone.split('-')[0] ?? '');
  const stacks = [...once, ...own].filter(
    ({ group, region }) => group === zone || (group === '' && regions.includes(region)),
  );
  const modelsIn = (folder: string) =>
    new Map([...accountStacksOf(folder), ...stacksOf(folder, zone)].map((stack) => [stack.name, stack]));
  const models = { 'as it is': modelsIn(folders.asItIs), 'to make': modelsIn(folders.toMake) };
  const account = new Account();
  const failed = new Set<string>();
  const said: string[] = [];
  const cdk = async (args: readonly string[]): Promise<number> => {
    const id = args.at(-1) ?? '';
    const model = models[args[args.indexOf('--app') + 1] as keyof typeof models].get(id);
    if (model === undefined) throw new Error(`there is no stack ${id}`);
    const last = model.resources.at(-1)?.id ?? '';
    // The worst time to fail: everything is made, the last resource half.
    const failure = failed.has(id) ? {} : { failure: { id: last, halfMade: true } };
    failed.add(id);
    return account.deploy(model, failure).ok ? 0 : 1;
  };
  const assemble = async (what: Assembled) => ({ folder: what }) as StageAssembly;
  for (let run = 0; run <= stacks.length; run += 1) {
    const plan = planOf('any', '111111111111', stacks, knownOf(account, stacks));
    const error = await deployPlan(plan, { cdk, assemble, say: () => undefined }, { yes: true }).then(
      () => null,
      (thrown: Error) => thrown,
    );
    if (error === null) break;
    said.push(error.message);
    account.nowSeconds += aWhileSeconds;
  }
  return { stacks, account, said };
}

it('a locked zone: each run goes on, and at the end every stack stands and is protected', async () => {
  const { production } = referenceConfig.stages;
  if (production === undefined) throw new Error('production is missing');
  const config = configure({ ...referenceConfig, stages: { production: { ...production, zones: { us: {} } } } });
  unvalidated(() => buildApp(config, { outdir: creating, today: '2026-12-01', creating: 'production' }).synth());
  const folders = { asItIs: await assembly(), toMake: creating };
  const { stacks, account, said } = await runUntilDone('production-us', folders);
  expect(said).toHaveLength(stacks.length);
  for (const [at, { id }] of stacks.entries()) expect(said[at]).toContain(`${id} was not deployed`);
  expect(account.stacks.size).toBe(stacks.length);
  expect(new Set([...account.stacks.values()].map(({ status }) => status))).toEqual(new Set(['UPDATE_COMPLETE']));
  const unprotected = [...account.stacks].filter(([, { terminationProtection }]) => !terminationProtection);
  // What the account has once belongs to no stage.
  expect(unprotected.map(([id]) => id)).toEqual(regions.map((region) => `account-${region}`));
});

it('a disposable zone: each run goes on, and at the end every stack stands', async () => {
  const out = await assembly();
  const { stacks, account, said } = await runUntilDone('sandbox-us', { asItIs: out, toMake: out });
  expect(said).toHaveLength(stacks.length);
  expect([...account.stacks.keys()].sort()).toEqual(stacks.map(({ id }) => id).sort());
});
