#!/usr/bin/env node
// The command line, for engineers: `strongroom <what> <verb> [options]`. It acts with the AWS credentials of whoever
// runs it, prints what it did, and ends with 1 and one clear line where it could not.

import { parseArgs } from 'node:util';
import { type ZoneName, zones } from '../contract/zones.ts';
import { homeOf, secretName, tableName } from '../lib/derive/names.ts';
import config from '../strongroom.config.ts';
import { createOperator, revokeOperator } from './operator.ts';

const help = `strongroom: runs the zones of strongroom.config.ts

  strongroom operator create --stage STAGE --zone ZONE --name NAME
      Makes an operator, who may create and change tenants of that zone. Prints the
      operator's key (ok_…) once; only an HMAC of it is stored. Needs AWS credentials
      that may read the zone's pepper and write its tenants table.

  strongroom operator revoke --stage STAGE --zone ZONE --id ID
      Revokes an operator: its next request is refused.

Options
  --stage NAME   a stage of strongroom.config.ts: ${Object.keys(config.stages).join(', ')}
  --zone NAME    a zone of that stage
  --name NAME    whom the key is for
  --id ID        an operator (opr_…)
  -h, --help     this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
  STRONGROOM_ENDPOINT               another endpoint than AWS, such as an emulator's
`;

/** Whoever typed it can mend it: shown without a stack. */
class Usage extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  if (values.help || positionals.length === 0) {
    console.log(help);
    return;
  }
  const command = positionals.join(' ');
  if (command !== 'operator create' && command !== 'operator revoke')
    throw new Usage(`Unknown command: ${command}. See strongroom --help.`);

  const stage = need(values.stage, 'stage');
  const zone = need(values.zone, 'zone') as ZoneName;
  const stageConfig = config.stages[stage];
  if (stageConfig === undefined) throw new Usage(`strongroom.config.ts has no stage ${stage}.`);
  if (!Object.hasOwn(zones, zone) || stageConfig.zones[zone] === undefined) {
    throw new Usage(`Stage ${stage} has no zone ${zone}, but ${Object.keys(stageConfig.zones).join(', ')}.`);
  }
  const place = homeOf(stage, stageConfig, zone);
  const endpoint = process.env.STRONGROOM_ENDPOINT;
  const deployment = {
    stage,
    zone,
    region: place.region,
    tableName: tableName(place, 'tenants'),
    pepperSecret: secretName(place, 'peppers'),
    ...(endpoint && { endpoint }),
  };
  if (command === 'operator revoke') {
    const revoked = await revokeOperator(deployment, need(values.id, 'id'));
    console.log(revoked ? `Operator ${values.id} is revoked.` : `Operator ${values.id} was revoked already.`);
    return;
  }
  const { id, key } = await createOperator({ ...deployment, name: need(values.name, 'name') });
  console.log(`Operator ${id} of ${stage} ${zone}. The key, which is not shown again:\n\n  ${key}\n`);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        stage: { type: 'string' },
        zone: { type: 'string' },
        name: { type: 'string' },
        id: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Usage(`${error instanceof Error ? error.message : 'Unreadable options'}. See strongroom --help.`);
  }
}

function need(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw new Usage(`--${option} is missing. See strongroom --help.`);
  return value;
}

main().catch((error: unknown) => {
  const reason =
    error instanceof Error
      ? error instanceof Usage
        ? error.message
        : `${error.name}: ${error.message}`
      : String(error);
  console.error(reason);
  process.exitCode = 1;
});
