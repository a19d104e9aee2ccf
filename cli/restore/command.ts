// `strongroom restore`: how the tables of a zone are restored to a point in time (`plan`), doing it (`run`), and what is on record of
// backups and restore tests (`record`).

import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ZoneDeployment } from '../../lib/derive/names.ts';
import { plainFailure, requireCredentials, signedIn } from '../aws/credentials.ts';
import { clientSettings } from '../aws/settings.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { ask } from '../terminal.ts';
import { zoneDeploymentOf } from '../zone_deployment.ts';
import { commandsOf, type RestorePlan, restorePlan, stepsOf } from './plan.ts';
import { readRecord, recordLines, recordOf } from './record.ts';
import { runRestore } from './run.ts';

const usage = `Restores the tables of a zone to a point in time.

  strongroom restore plan STAGE ZONE --at TIME
      Prints the commands of the AWS CLI, in their order, and the table names
      that strongroom.config.ts holds afterwards. It asks AWS nothing and
      changes nothing.
  strongroom restore run STAGE ZONE --at TIME
      Does it: restores every table under a new name beside the old one, gives
      it what a restore leaves out, destroys keys again that were destroyed in
      the last minutes, and checks that each fact is in the audit trail. Where
      it stops, the same command goes on. Nothing serves from the new tables
      before you deploy their names.
  strongroom restore record STAGE ZONE
      Shows, as a dated table, when each table was last backed up, copied and
      restored as a test, from the zone's record. Ends with 1 where one of
      them is late or failed last.

Options
  --at TIME    the point in time, RFC 3339: 2027-01-31T09:30:00Z
  --yes        does not ask
  -h, --help   this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
  STRONGROOM_ENDPOINT               another endpoint than AWS, an emulator's
`;

export const restoreCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom restore', args, {
    ...{ at: { type: 'string' }, yes: { type: 'boolean', default: false }, help },
  });
  const [verb, stage, zone, ...rest] = positionals;
  if (values.help || verb === undefined) return console.log(usage);
  if (verb !== 'plan' && verb !== 'run' && verb !== 'record')
    throw new Usage(`Unknown command: restore ${verb}. See strongroom restore --help.`);
  if (stage === undefined || zone === undefined || rest.length > 0)
    throw new Usage(`strongroom restore ${verb} takes a stage and a zone. See strongroom restore --help.`);
  const deployment = zoneDeploymentOf(stage, zone);
  if (verb === 'record') return record(deployment);
  const plan = restorePlan(deployment, pointOf(values.at, new Date()));
  return verb === 'plan' ? show(deployment, plan) : run(deployment, plan, values.yes);
};

const namesText = ({ stage, zone }: ZoneDeployment, { tableNames }: RestorePlan): string =>
  `In strongroom.config.ts, stages.${stage}.zones.${zone}:\n\n  tableNames: ${JSON.stringify(tableNames)}`;

function show(deployment: ZoneDeployment, plan: RestorePlan): void {
  for (const [index, step] of stepsOf(plan).entries()) {
    const commands = commandsOf(step, deployment.region).map((command) => `   ${command}`);
    console.log([`${index + 1}. ${step.what}`, ...commands, ''].join('\n'));
  }
  console.log(namesText(deployment, plan));
}

async function record(deployment: ZoneDeployment): Promise<void> {
  const now = new Date();
  const ended = await readRecord(await signedIn(), deployment, now).catch(plainFailure);
  const records = recordOf(ended, deployment, now);
  console.log(recordLines(records, deployment, now).join('\n'));
  if (records.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
}

async function run(deployment: ZoneDeployment, plan: RestorePlan, yes: boolean): Promise<void> {
  const { region, stage, zone } = deployment;
  const endpoint = process.env.STRONGROOM_ENDPOINT;
  if (endpoint === undefined) await requireCredentials();
  console.log(`Restores ${plan.restored.length} tables of ${stage}-${zone} in ${region} to ${plan.at.toISOString()};`);
  console.log('keys and the audit trail to the newest point there is. New tables:\n');
  for (const { to } of plan.restored) console.log(`  ${to}`);
  console.log('\nThe old tables stay as they are. It costs $0.15 a GB, and what the new');
  console.log('tables store; it takes as long as the largest takes, mostly under an hour.\n');
  if (!yes && (await ask(`Type ${zone} to begin: `)).trim() !== zone) throw new Usage('Nothing was restored.');
  const done = await runRestore(
    {
      dynamodb: new DynamoDBClient(clientSettings({ region, endpoint })),
      say: (line) => console.log(line),
      sleep: setTimeout,
      elapsedMs: () => performance.now(),
    },
    plan,
  );
  console.log(`\nRestored in ${Math.round(done.totalSeconds)} s. What is left to do:\n`);
  for (const step of plan.after.slice(1))
    console.log([`- ${step.what}`, ...commandsOf(step, region).map((command) => `    ${command}`)].join('\n'));
  console.log(`\n${namesText(deployment, plan)}`);
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

/** A point in time that has been. `Date` alone reads the 31st of November as the 1st of December, and restores that. */
export function pointOf(text: string | undefined, now: Date): Date {
  const day = rfc3339.exec(text ?? '')?.[1];
  const at = new Date(text ?? '');
  if (text === undefined || day === undefined || Number.isNaN(at.getTime()))
    throw new Usage('--at takes a time such as 2027-01-31T09:30:00Z.');
  if (!new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) throw new Usage(`--at: there is no day ${day}.`);
  if (at > now) throw new Usage(`--at: ${text} has not been yet; it is ${now.toISOString()}.`);
  return at;
}
