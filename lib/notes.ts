// What is valid in a configuration and worth knowing before it is deployed: printed at synthesis, a sentence or a short list each.

import { zones } from '../contract/kernel/zones.ts';
import { type Config, type StageConfig, zonesOf } from './config.ts';
import { requiredConcurrency } from './derive/concurrency.ts';
import { givenUp, newAccountInstances } from './derive/profile.ts';
import { hasSecondRegion } from './derive/second_region.ts';

/** `only`: of this stage alone. */
export function notesOn(config: Config, only?: string): string[] {
  const stages = Object.fromEntries(
    Object.entries(config.stages).filter(([name]) => only === undefined || name === only),
  );
  const asked = { ...config, stages };
  return [
    ...(Object.keys(config.stages).length > 1 ? withoutAccount(asked) : []),
    ...raisedQuota(asked),
    ...homesAlone(asked),
    ...sandboxes(asked),
    ...exampleContacts(config),
  ];
}

const stagesWhere = (config: Config, which: (stage: StageConfig) => boolean): string[] =>
  Object.entries(config.stages).flatMap(([name, stage]) => (which(stage) ? [name] : []));

/** Domains that nobody can own (RFC 2606). */
const reservedDomain = /@(.*\.)?(example(\.(com|net|org))?|test|invalid|localhost)$/i;

/** AWS takes any address, and mails the confirmation to nobody. */
function exampleContacts({ contacts }: Config): string[] {
  const examples = Object.entries(contacts).filter(([, address]) => reservedDomain.test(address));
  if (examples.length === 0) return [];
  return [
    `Nobody has the address of contacts.${examples.map(([name]) => name).join(', contacts.')}: it is an example, and an alarm that is sent to it reaches nobody. Put in your own before the first deployment.`,
  ];
}

function withoutAccount(config: Config): string[] {
  const unnamed = new Set(
    zonesOf(config).flatMap(({ stage, settings }) => (settings.account === undefined ? [stage.name] : [])),
  );
  const locked = stagesWhere(config, ({ data }) => data === 'locked').filter((name) => unnamed.has(name));
  if (locked.length === 0) return [];
  return [
    `Stage ${locked.join(', ')} is locked and names no account: deployed with the credentials of another stage it would be separated from that one by names alone. Give its zones an "account" before the first deployment.`,
  ];
}

/** CloudFormation would find out in the middle of the deployment. */
function raisedQuota(config: Config): string[] {
  const needed = new Map(
    Object.entries(config.stages)
      .map(([name, stageConfig]) => [name, requiredConcurrency({ stageConfig })] as const)
      .filter(([, instances]) => instances > newAccountInstances),
  );
  if (needed.size === 0) return [];
  return [
    `Stage ${[...needed.keys()].join(', ')} reserves instances of Lambda: each of its regions needs a quota of ${Math.max(...needed.values())} or more ("Concurrent executions" of AWS Lambda in Service Quotas) before the first deployment. A new account may have ${newAccountInstances}.`,
  ];
}

/** Where nothing could say which of two regions may write (contract/kernel/zones.ts). */
const homesAlone = (config: Config): string[] =>
  zonesOf(config)
    .filter(({ stage, zone }) => (stage.secondRegion ?? stage.data === 'locked') && !hasSecondRegion(stage, zone))
    .map(
      ({ stage, zone }) =>
        `Stage ${stage.name} runs the zone ${zone} in ${zones[zone].home} alone: DynamoDB has no strongly consistent tables for a writer's lease there, so its second region can't be made to take over (docs/decisions/0035).`,
    );

const sandboxes = (config: Config): string[] =>
  stagesWhere(config, ({ profile }) => profile === 'sandbox').map((name) =>
    [
      `Stage ${name} is a sandbox, for trying out and for no real data (docs/generated/profiles.md). It goes without`,
      ...givenUp.map(({ part, promises, loses }) => `  ${part} (${promises.join(', ')}): ${loses}.`),
    ].join('\n'),
  );
