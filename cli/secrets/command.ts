// `strongroom secrets status | rotate`: of the local cloud, or of a zone in AWS. It never prints a value.

import { setTimeout } from 'node:timers/promises';
import { platformSecrets } from '../../contract/kernel/kms_keys.ts';
import config from '../../strongroom.config.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { controlPortOf } from '../local_cloud.ts';
import { type ZoneArguments, zoneTargetOf } from '../zone_deployment.ts';
import { awsSecrets } from './aws.ts';
import { localSecrets } from './local.ts';
import { isLate, linesOf, type SecretStatus, type ZoneSecrets } from './secret_status.ts';

const names = Object.keys(platformSecrets);

const usage = `Shows and rotates the platform secrets of a zone: ${names.join(', ')}.
Values are never shown.

  strongroom secrets status [options]
      Shows each secret with its versions and their age, how often it is
      rotated, and when the next rotation is due. Ends with 1 if one is late.

  strongroom secrets rotate NAME [options]
      Adds a version and makes it the current one, as happens by itself in each
      period. Everything that was made under older versions stays valid.

Of the local cloud that npm start runs
  --zone NAME    one of its zones                    (default: us)
  --state DIR    its state folder                    (default: .strongroom)

Of a zone in AWS, with credentials that may read and rotate the zone's secrets
  --stage NAME   a stage: ${Object.keys(config.stages).join(', ')}
  --zone NAME    a zone of that stage

  -h, --help     this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
  STRONGROOM_ENDPOINT               another endpoint than AWS, an emulator's
`;

const text = { type: 'string' } as const;
const waitMs = 120_000;
const lookMs = 500;

export const secretsCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom secrets', args, {
    stage: text,
    zone: text,
    state: text,
    help,
  });
  const [verb, name, ...more] = positionals;
  if (values.help || verb === undefined) return console.log(usage);
  if (verb !== 'status' && verb !== 'rotate')
    throw new Usage(`Unknown command: secrets ${verb}. See strongroom secrets --help.`);
  if (more.length > 0 || (verb === 'status' && name !== undefined))
    throw new Usage(`Unknown word: ${more[0] ?? name}. See strongroom secrets --help.`);
  if (verb === 'rotate' && !names.includes(name ?? ''))
    throw new Usage(`${name === undefined ? 'Which secret?' : `There is no secret ${name}:`} ${names.join(', ')}.`);

  const secrets = await secretsOf(values);
  if (verb === 'rotate') return rotate(secrets, name ?? '');
  const statuses = await secrets.statuses();
  const now = Date.now();
  for (const secret of statuses) console.log(linesOf(secret, now).join('\n'));
  if (statuses.some((secret) => isLate(secret, now))) process.exitCode = 1;
};

async function secretsOf(zoneArguments: ZoneArguments): Promise<ZoneSecrets> {
  const where = zoneTargetOf(zoneArguments, 'strongroom secrets');
  if (where.runs === 'in AWS') return awsSecrets(where.deployment, process.env.STRONGROOM_ENDPOINT);
  return localSecrets(await controlPortOf(zoneArguments.state), where.zone);
}

async function rotate(secrets: ZoneSecrets, name: string): Promise<void> {
  const look = async (): Promise<SecretStatus> => {
    const found = (await secrets.statuses()).find((secret) => secret.name === name);
    if (found === undefined) throw new Error(`there is no secret ${name}`);
    return found;
  };
  const before = await look();
  await secrets.rotate(name);
  const until = Date.now() + waitMs;
  for (;;) {
    const now = await look();
    if (now.current !== before.current && !now.pending) return console.log(linesOf(now, Date.now()).join('\n'));
    if (Date.now() > until)
      throw new Error(
        `${name} is not rotated after ${waitMs / 1000} s: see strongroom secrets status, and the rotator's log`,
      );
    await setTimeout(lookMs);
  }
}
