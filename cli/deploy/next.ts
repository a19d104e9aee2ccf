// What to do once a stage stands: where it answers, what to confirm, and how its first operator is made.

import { type ZoneName, zones } from '../../contract/kernel/zones.ts';
import type { AssembledStack } from '../../lib/cloud_assembly.ts';
import config from '../../strongroom.config.ts';
import type { Aws } from '../aws/client.ts';
import { describeStack } from '../aws/stacks.ts';
import type { StageAssembly } from '../stage_assembly.ts';
import { byZone } from '../stage_assembly.ts';
import { paint, wrap } from '../terminal.ts';

interface Address {
  readonly region: string;
  /** Of API Gateway, where the zone has no domain. */
  readonly endpoint: string | undefined;
  /** What the domain's record points to. */
  readonly target: string | undefined;
}

/** Of each region's API, the home's first; without outputs where AWS did not answer. */
const addressesOf = (aws: Aws, stacks: readonly AssembledStack[], home: string): Promise<Address[]> =>
  Promise.all(
    stacks
      .filter(({ id }) => id.endsWith('/api'))
      .toSorted((a, b) => Number(b.region === home) - Number(a.region === home))
      .map(async ({ region, name }) => {
        const outputs = (await describeStack(aws, region, name).catch(() => null))?.outputs ?? {};
        const of = (key: RegExp) => Object.entries(outputs).find(([output]) => key.test(output))?.[1];
        return { region, endpoint: of(/^apiEndpoint/), target: of(/^DomainTarget/) };
      }),
  );

function zoneLines(stage: string, zone: string, addresses: readonly Address[]): string[] {
  const { domain } = config.stages[stage] ?? {};
  const host = domain === undefined ? null : `api.${zone}.${domain}`;
  const [home, ...others] = addresses;
  const base = host === null ? home?.endpoint && `${home.endpoint}v1` : `https://${host}/v1`;
  return [
    `  ${zone}: ${base ?? 'see the outputs of its stack api'}`,
    ...(host !== null && home?.target !== undefined
      ? [wrap(`Point ${host} to ${home.target} (CNAME, or an alias).`, 4)]
      : []),
    ...others.map(({ region, endpoint, target }) =>
      wrap(`Second region ${region}: ${target ?? endpoint ?? 'see its stack api'}`, 4),
    ),
    wrap(`npm run strongroom -- operator create --stage ${stage} --zone ${zone} --name "Your name"`, 4),
  ];
}

export async function nextLines(aws: Aws, { stage, stacks }: StageAssembly): Promise<string[]> {
  const lines = await Promise.all(
    [...byZone(stacks)].map(async ([zone, deployed]) =>
      zoneLines(stage, zone, await addressesOf(aws, deployed, zones[zone as ZoneName].home)),
    ),
  );
  return [
    '',
    paint('bold', `${stage} stands. It answers at`),
    ...lines.flat(),
    '',
    wrap(`Alarms go to ${config.contacts.operations}: confirm the subscription that AWS has mailed there.`),
    wrap('The first operator’s key makes tenants; each tenant’s key takes payments (docs/deploying.md).'),
  ];
}
