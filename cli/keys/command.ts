// `strongroom keys status | certificates | rotate | rewrap`: of the local cloud, or of a zone in AWS. It never sees key material.

import { RotateKeyOnDemandCommand } from '@aws-sdk/client-kms';
import { type KmsKeyName, kmsKeys, wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../contract/rotation/limits.ts';
import config from '../../strongroom.config.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { isLate } from '../secrets/secret_status.ts';
import { arnOf, isWrapping, keyStatus, latenessOf, recordsIn } from './key_status.ts';
import { certificateLines, progressOf, statusLines } from './lines.ts';
import { rewrapToTheEnd } from './rewrapper_runs.ts';
import { toUserError, type ZoneClients, zoneClientsOf } from './zone_clients.ts';

const names = Object.keys(kmsKeys) as KmsKeyName[];

const usage = `Shows and rotates the KMS keys of a zone: ${names.join(', ')}.

  strongroom keys status [--json] [options]
      Shows each key and each platform secret: its purpose, its age, how often
      it is rotated, when the next rotation is due, and whether the data keys
      that it wraps were re-wrapped since the last one. Ends with 1 if something
      is late.

  strongroom keys certificates [--key NAME] [--json] [options]
      Shows the certificate of each rotation: no data key is left under older
      material.

  strongroom keys rotate --key NAME [options]
      Gives a key new material, as KMS does by itself in each period. KMS allows
      this a few times in the life of a key. Everything that was wrapped before
      can still be opened.

  strongroom keys rewrap [--key NAME] [options]
      Re-wraps data keys until every rotation is certified, and shows its
      progress. Of the local cloud alone: in AWS the rewrapper starts every
      ${rewrapLimits.everyMinutes} minutes by itself.

Of the local cloud that npm start runs
  --zone NAME    one of its zones                    (default: us)
  --state DIR    its state folder                    (default: .strongroom)

Of a zone in AWS, with credentials that may describe and rotate its keys, and
read its maintenance table
  --stage NAME   a stage: ${Object.keys(config.stages).join(', ')}
  --zone NAME    a zone of that stage

  --key NAME     one of ${names.join(', ')};
                 for certificates and rewrap: ${wrappingKeys.join(', ')}
  --json         for programs
  -h, --help     this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
  STRONGROOM_ENDPOINT               another endpoint than AWS, an emulator's
`;

const text = { type: 'string' } as const;

interface KeysRequest {
  readonly clients: ZoneClients;
  readonly key: KmsKeyName | undefined;
  readonly json: boolean;
}

const verbs: Readonly<Record<string, (asked: KeysRequest) => Promise<void>>> = { status, certificates, rotate, rewrap };

export const keysCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom keys', args, {
    stage: text,
    zone: text,
    state: text,
    key: text,
    json: { type: 'boolean', default: false },
    help,
  });
  const [verb, ...more] = positionals;
  if (values.help || verb === undefined) return console.log(usage);
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (act === undefined) throw new Usage(`Unknown command: keys ${verb}. See strongroom keys --help.`);
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom keys --help.`);
  const key = values.key === undefined ? undefined : keyOf(values.key);
  if (verb === 'rotate' && key === undefined) throw new Usage(`Which key? --key ${names.join(', ')}.`);
  if (verb !== 'rotate' && key !== undefined && !isWrapping(key))
    throw new Usage(
      `Nothing under ${key} is re-wrapped. Keys whose data keys are re-wrapped: ${wrappingKeys.join(', ')}.`,
    );
  if (verb === 'rewrap' && values.stage !== undefined)
    throw new Usage('In AWS the rewrapper starts by itself: see strongroom keys status.');
  const clients = await zoneClientsOf(values);
  await act({ clients, key, json: values.json }).catch((thrown: unknown) => {
    throw toUserError(thrown, clients);
  });
};

function keyOf(text: string): KmsKeyName {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new Usage(`There is no key ${text}, but ${names.join(', ')}.`);
  return found;
}

async function status({ clients, json }: KeysRequest): Promise<void> {
  const [keys, secrets] = await Promise.all([
    Promise.all(names.map((name) => keyStatus(clients, name))),
    clients.secrets.statuses(),
  ]);
  const now = Date.now();
  const late = keys.some((key) => latenessOf(key, now).length > 0) || secrets.some((secret) => isLate(secret, now));
  if (json) {
    const keysWithLateness = keys.map((key) => ({ ...key, late: latenessOf(key, now) }));
    console.log(
      JSON.stringify({
        keys: keysWithLateness,
        secrets: secrets.map((each) => ({ ...each, late: isLate(each, now) })),
      }),
    );
  } else console.log(statusLines(keys, secrets, now).join('\n'));
  if (late) process.exitCode = 1;
}

async function certificates({ clients, key, json }: KeysRequest): Promise<void> {
  const asked = wrappingKeys.filter((name) => key === undefined || name === key);
  const found = (await Promise.all(asked.map((name) => recordsIn(clients, name)))).flatMap((each) => each.certificates);
  if (json) return console.log(JSON.stringify({ certificates: found }));
  console.log(found.length === 0 ? 'No rotation has been certified yet.' : found.flatMap(certificateLines).join('\n'));
}

async function rotate({ clients, key }: KeysRequest): Promise<void> {
  if (key === undefined) return;
  const { arn } = await arnOf(clients, key);
  await clients.kms.send(new RotateKeyOnDemandCommand({ KeyId: arn }));
  const then = isWrapping(key) ? ' strongroom keys rewrap re-wraps its data keys.' : '';
  console.log(`${key} gets new material: ${arn}.${then}`);
}

async function rewrap({ clients, key }: KeysRequest): Promise<void> {
  const { controlPort, deployment } = clients;
  if (controlPort === null) return;
  const asked = wrappingKeys.filter((name) => key === undefined || name === key);
  const before = new Set((await recordsOfAll(clients, asked)).certificates.map(({ id }) => id));
  const shown = new Map<string, string>();
  const look = async (): Promise<void> => {
    for (const run of (await recordsOfAll(clients, asked)).runs) {
      const line = `${run.key}, rotated ${run.rotated_at}: ${progressOf(run)}`;
      if (run.ended_at === null && shown.get(run.id) !== line) console.log(line);
      shown.set(run.id, line);
    }
  };
  const isAsked = (name: string): boolean => asked.some((each) => each === name);
  await rewrapToTheEnd({ controlPort, zone: deployment.zone, isAsked, look, say: (line) => console.log(line) });
  const issued = (await recordsOfAll(clients, asked)).certificates.filter(({ id }) => !before.has(id));
  console.log(issued.length === 0 ? 'Nothing was left to re-wrap.' : issued.flatMap(certificateLines).join('\n'));
}

async function recordsOfAll(clients: ZoneClients, keys: readonly (typeof wrappingKeys)[number][]) {
  const all = await Promise.all(keys.map((key) => recordsIn(clients, key)));
  return { runs: all.flatMap(({ runs }) => runs), certificates: all.flatMap(({ certificates }) => certificates) };
}
