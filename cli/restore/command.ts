// `strongroom restore plan`: what restores the tables of a zone, in which order and under which names. It changes nothing.

import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { zoneDeploymentOf } from '../zone_deployment.ts';
import { restorePlan } from './plan.ts';

const usage = `Shows how the tables of a zone are restored to a point in time.

  strongroom restore plan STAGE ZONE --at TIME
      Prints the commands of the AWS CLI, in their order, and the table names
      that strongroom.config.ts holds afterwards. It asks AWS nothing and
      changes nothing: there is no command yet that runs them for you.

Options
  --at TIME    the point in time, RFC 3339: 2027-01-31T09:30:00Z
  -h, --help   this text
`;

export const restoreCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom restore', args, { at: { type: 'string' }, help });
  const [verb, stage, zone, ...rest] = positionals;
  if (values.help || verb === undefined) return console.log(usage);
  if (verb !== 'plan') throw new Usage(`Unknown command: restore ${verb}. See strongroom restore --help.`);
  if (stage === undefined || zone === undefined || rest.length > 0)
    throw new Usage('strongroom restore plan takes a stage and a zone. See strongroom restore --help.');
  const { steps, tableNames } = restorePlan(zoneDeploymentOf(stage, zone), pointOf(values.at, new Date()));
  for (const [index, { what, commands }] of steps.entries())
    console.log([`${index + 1}. ${what}`, ...commands.map((command) => `   ${command}`), ''].join('\n'));
  console.log(`In strongroom.config.ts, stages.${stage}.zones.${zone}:\n\n  tableNames: ${JSON.stringify(tableNames)}`);
};

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
