// `strongroom cost STAGE`: what a stage costs while nobody uses it, and what its requests cost. Nothing is asked of AWS.

import { type OperationId, operations } from '../../contract/capabilities.ts';
import { prices } from '../../contract/kernel/prices.ts';
import { type Mix, usualMix } from '../../lib/costs/requests.ts';
import config from '../../strongroom.config.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { assembleStage, requireStage } from '../stage_assembly.ts';
import { costOf } from './cost.ts';
import { costLines } from './lines.ts';

const mixText = Object.entries(usualMix)
  .map(([id, share]) => `${Math.round(share * 100)} % ${id}`)
  .join(', ');

const usage = `Shows what a stage costs a month, by its templates and AWS's list prices.

  strongroom cost STAGE [--rps N] [--operation ID] [options]
      Synthesizes the stage and counts what is paid for while it is idle, then
      what a million requests cost by service. With --rps also the month at that
      load, the same in each zone. Storage and traffic are listed by the GB.

Options
  --rps N          requests a second, on average, in each zone
  --operation ID   prices one operation instead of the usual mix:
                   ${mixText.replaceAll(/(.{40,55}), /g, '$1,\n                   ')}
  --assembly DIR   counts this cloud assembly instead of synthesizing
  --json           for programs
  -h, --help       this text

Prices are those of ${prices.writeUnit.read} without the free tier; contract/kernel/prices.ts
names the source of each. Lambda's time and the logs are modelled
(lib/costs/assumed.ts).
`;

const text = { type: 'string' } as const;

export const costCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom cost', args, {
    rps: text,
    operation: text,
    assembly: text,
    json: { type: 'boolean', default: false },
    help,
  });
  const [stage, ...more] = positionals;
  if (values.help || stage === undefined) return console.log(usage);
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom cost --help.`);
  requireStage(config, stage, { folder: values.assembly });
  const mix = values.operation === undefined ? usualMix : mixOf(values.operation);
  const rps = values.rps === undefined ? null : rateOf(values.rps);
  const cost = costOf(await assembleStage(stage, values.assembly), mix);
  console.log(values.json ? JSON.stringify({ ...cost, rps }) : costLines(cost, rps).join('\n'));
};

function mixOf(id: string): Mix {
  const found = operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Usage(`There is no operation ${id}. docs/generated/operations.md lists them.`);
  return { [found.id as OperationId]: 1 };
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (!Number.isFinite(rate) || rate < 0 || text.trim() === '')
    throw new Usage(`--rps takes a number of requests a second, such as 10 or 0.5, not ${text}.`);
  return rate;
}
