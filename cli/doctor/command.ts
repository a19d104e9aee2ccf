// `strongroom doctor`: what stands in the way of running and of deploying. It changes nothing, on this machine or in AWS.

import { type Command, help, readOptions, Usage } from '../command_line.ts';
import type { Finding } from './finding.ts';
import { note, unknown } from './finding.ts';
import { findingLines, summaryOf } from './lines.ts';
import * as local from './local_checks.ts';

const usage = `Looks for what stands in the way of running and deploying, and says how to put
it right.

  strongroom doctor [STAGE] [options]
      This machine: Node, npm packages, the CDK CLI, the local cloud's database
      engine, ports, and strongroom.config.ts.
      With AWS credentials also the account: regions, CDK bootstrap, stacks that
      are stuck, quotas of what the stage will make, certificates, hosted zones.
      Without a STAGE it looks at all of strongroom.config.ts.

What can't be looked at is said to be unknown, and is no failure. Ends with 1 if
something is wrong. Nothing is changed.

Options
  --port P         the local cloud's ports P, P+1, P+2 must be free
  --offline        asks nothing of AWS
  --assembly DIR   looks at this cloud assembly instead of synthesizing
  --json           for programs
  -h, --help       this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
  STRONGROOM_ENDPOINT               another endpoint than AWS's
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

export const doctorCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom doctor', args, {
    ...{ port: text, assembly: text, offline: flag, json: flag, help },
  });
  if (values.help) return console.log(usage);
  const [stage, ...more] = positionals;
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom doctor --help.`);
  const findings = await machineFindings(portOf(values.port), values.assembly === undefined ? stage : undefined);
  if (findings.every(({ verdict }) => verdict !== 'wrong'))
    findings.push(...(await awsFindings(stage, { offline: values.offline, assembly: values.assembly })));
  else findings.push(note('AWS', 'not looked at, until this machine is well'));
  console.log(
    values.json ? JSON.stringify({ findings }) : [...findingLines(findings), '', summaryOf(findings)].join('\n'),
  );
  if (findings.some(({ verdict }) => verdict === 'wrong')) process.exitCode = 1;
};

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_533)
    throw new Usage(`--port takes a number from 1 to 65533, not ${text}.`);
  return port;
}

/** Without its packages nothing else can be loaded. */
async function machineFindings(port: number | null, stage: string | undefined): Promise<Finding[]> {
  const installed = [local.nodeCheck(), local.dependenciesCheck(), local.cdkCheck()];
  const ports = await local.portsCheck(port);
  if (installed.some(({ verdict }) => verdict === 'wrong')) return [...installed, ports];
  return [...installed, await local.engineCheck(), ports, ...(await local.configurationCheck(stage))];
}

async function awsFindings(
  stage: string | undefined,
  { offline, assembly }: { readonly offline: boolean; readonly assembly: string | undefined },
): Promise<Finding[]> {
  if (offline) return [note('AWS', 'not looked at: --offline')];
  const { createAws } = await import('../aws/client.ts');
  const { findCredentials, isMissing } = await import('../aws/credentials.ts');
  const { assembleStages } = await import('../stage_assembly.ts');
  const { stageChecks } = await import('./stage_checks.ts');
  const found = await findCredentials();
  if (isMissing(found)) return [(found.asked ? unknown : note)('AWS', `not looked at. ${found.why}`)];
  return stageChecks(createAws(found), await assembleStages(stage, assembly));
}
