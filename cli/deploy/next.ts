// What to do once a stage stands: where it answers, what to confirm, and how its first operator is made.

import { type ZoneName, zones } from '../../contract/kernel/zones.ts';
import type { AssembledStack } from '../../lib/cloud_assembly.ts';
import config from '../../strongroom.config.ts';
import type { Aws } from '../aws/client.ts';
import { describeStack } from '../aws/stacks.ts';
import type { StageAssembly } from '../stage_assembly.ts';
import { byZone } from '../stage_assembly.ts';
import { paint, wrap } from '../terminal.ts';

/** Of the stack that holds the API. Null: it has no such output, or could not be asked. */
async function addressOf(aws: Aws, stacks: readonly AssembledStack[], home: string) {
  const api = stacks.find(({ id, region }) => id.endsWith('/api') && region === home);
  const described = api === undefined ? null : await describeStack(aws, home, api.name).catch(() => null);
  const outputs = Object.entries(described?.outputs ?? {});
  const outputOf = (name: RegExp) => outputs.find(([key]) => name.test(key))?.[1];
  return { endpoint: outputOf(/^apiEndpoint/), target: outputOf(/^DomainTarget/) };
}

export async function nextLines(aws: Aws, { stage, stacks }: StageAssembly): Promise<string[]> {
  const { domain } = config.stages[stage] ?? {};
  const lines = await Promise.all(
    [...byZone(stacks)].map(async ([zone, deployed]) => {
      const { home } = zones[zone as ZoneName];
      const { endpoint, target } = await addressOf(aws, deployed, home);
      const host = domain === undefined ? null : `api.${zone}.${domain}`;
      const base = host === null ? endpoint && `${endpoint}v1` : `https://${host}/v1`;
      return [
        `  ${zone}: ${base ?? 'see the outputs of its stack api'}`,
        ...(host !== null && target !== undefined ? [wrap(`Point ${host} to ${target} (CNAME, or an alias).`, 4)] : []),
        wrap(`npm run strongroom -- operator create --stage ${stage} --zone ${zone} --name "Your name"`, 4),
      ];
    }),
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
