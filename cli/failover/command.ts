// `strongroom failover`: shows which region of a zone writes, and hands its lease to the other one. Nothing is written but the
// lease's successor and the audit entries that say who asked; the regions do the rest by themselves (docs/decisions/0036).

import { setTimeout } from 'node:timers/promises';
import config from '../../strongroom.config.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { ask } from '../terminal.ts';
import { failover, type Terminal } from './failover.ts';
import { failoverZoneOf } from './zone.ts';

const usage = `Shows which region of a zone takes writes, and hands that to the other region.

  strongroom failover STAGE ZONE [--to REGION] [options]
  strongroom failover [--zone ZONE] [--state DIR] [--to REGION] [options]
      The first form is for a zone in AWS, the second for the local cloud that
      npm start runs. Shows the state, asks, hands the lease over and waits
      until the other region has it. Stopping the command stops nothing: the
      same command goes on watching, and --withdraw takes the hand-over back.

Options
  --status       shows the state alone, and changes nothing
  --to REGION    the region that is to write (default: the one that does not)
  --withdraw     takes back a hand-over that has not happened yet
  --yes          does not ask; for a hand-over only with --to, because the same
                 command would otherwise hand back what it has handed over
  --even-if-unhealthy
                 hands over to a region that does not answer by its /health, or
                 where an alarm of the function that takes the lease is on
  --zone NAME    a zone of the local cloud           (default: us)
  --state DIR    the local cloud's state folder      (default: .strongroom)
  -h, --help     this text

Stages of strongroom.config.ts: ${Object.keys(config.stages).join(', ')}

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool; they may use the
                                    zone's tables writer (read, put) and audit
                                    (insert), describe its stacks api, and
                                    describe alarms
  STRONGROOM_ENDPOINT               another endpoint than AWS, an emulator's
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ status: flag, to: text, withdraw: flag, yes: flag, 'even-if-unhealthy': flag },
  ...{ zone: text, state: text, help },
} as const;

const terminal: Terminal = {
  say: (line) => console.log(line),
  ask,
  sleep: setTimeout,
  elapsedMs: () => performance.now(),
};

export const failoverCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom failover', args, options);
  if (values.help) return console.log(usage);
  const [stage, zone, ...more] = positionals;
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom failover --help.`);
  if (stage !== undefined && (zone === undefined || values.zone !== undefined))
    throw new Usage('strongroom failover takes a stage and a zone. See strongroom failover --help.');
  if (values.withdraw && values.to !== undefined) throw new Usage('--withdraw takes a hand-over back: leave out --to.');
  if (values.yes && !values.withdraw && !values.status && values.to === undefined)
    throw new Usage('--yes needs --to REGION: the same command would otherwise hand back what it has handed over.');
  const reached = await failoverZoneOf({ stage, zone: zone ?? values.zone, state: values.state });
  await failover(reached, terminal, {
    request: values.withdraw ? { kind: 'withdraw' } : { kind: 'hand over', to: values.to },
    statusOnly: values.status,
    yes: values.yes,
    evenIfUnhealthy: values['even-if-unhealthy'],
  });
};
