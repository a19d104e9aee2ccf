// `strongroom operator create | revoke`, with the AWS credentials of the person who runs it.

import { secretName, tableName } from '../../lib/derive/names.ts';
import config from '../../strongroom.config.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { writerRegionOf } from '../failover/zone.ts';
import { zoneDeploymentOf } from '../zone_deployment.ts';
import { createOperator, type Deployment, revokeOperator } from './operator.ts';

const usage = `Makes and revokes the operators of a zone of strongroom.config.ts.

  strongroom operator create --stage STAGE --zone ZONE --name NAME
      Makes an operator, who may create and change tenants of that zone. Prints
      the operator's key (ok_…) once; only an HMAC of it is stored. Needs AWS
      credentials that may read the zone's pepper and, of two regions, the table
      writer, and write its tenants table, in the region that takes writes.

  strongroom operator revoke --stage STAGE --zone ZONE --id ID
      Revokes an operator: its next request is refused.

Options
  --stage NAME   a stage: ${Object.keys(config.stages).join(', ')}
  --zone NAME    a zone of that stage
  --name NAME    who will use the key
  --id ID        an operator (opr_…)
  -h, --help     this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
  STRONGROOM_ENDPOINT               another endpoint than AWS, an emulator's
`;

const text = { type: 'string' } as const;

export const operatorCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom operator', args, {
    stage: text,
    zone: text,
    name: text,
    id: text,
    help,
  });
  const verb = positionals.join(' ');
  if (values.help || verb === '') return console.log(usage);
  if (verb !== 'create' && verb !== 'revoke')
    throw new Usage(`Unknown command: operator ${verb}. See strongroom operator --help.`);

  const deployment = await deploymentOf(need(values.stage, 'stage'), need(values.zone, 'zone'));
  if (verb === 'revoke') {
    const revoked = await revokeOperator(deployment, need(values.id, 'id'));
    return console.log(revoked ? `Operator ${values.id} is revoked.` : `Operator ${values.id} was revoked already.`);
  }
  const { id, key } = await createOperator({ ...deployment, name: need(values.name, 'name') });
  console.log(
    `Operator ${id} of ${deployment.stage} ${deployment.zone}. The key, which is not shown again:\n\n  ${key}\n`,
  );
};

async function deploymentOf(stage: string, zone: string): Promise<Deployment> {
  const deployment = zoneDeploymentOf(stage, zone);
  const endpoint = process.env.STRONGROOM_ENDPOINT;
  return {
    stage,
    zone: deployment.zone,
    region: await writerRegionOf(deployment, endpoint),
    ...(deployment.otherRegion !== undefined && { leaseTable: tableName(deployment, 'writer') }),
    tableName: tableName(deployment, 'tenants'),
    pepperSecret: secretName(deployment, 'peppers'),
    ...(endpoint && { endpoint }),
  };
}

function need(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '')
    throw new Usage(`--${option} is missing. See strongroom operator --help.`);
  return value;
}
