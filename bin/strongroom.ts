#!/usr/bin/env node
// The command line: `strongroom <what> [options]`. It prints what it did, and ends with 1 and one clear line where it
// could not. A command is loaded when it is asked for.

import { type Command, Usage } from '../cli/command_line.ts';

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('../cli/doctor/command.ts')).doctorCommand,
  deploy: async () => (await import('../cli/deploy/command.ts')).deployCommand,
  diff: async () => (await import('../cli/diff/command.ts')).diffCommand,
  destroy: async () => (await import('../cli/destroy/command.ts')).destroyCommand,
  cost: async () => (await import('../cli/cost/command.ts')).costCommand,
  failover: async () => (await import('../cli/failover/command.ts')).failoverCommand,
  restore: async () => (await import('../cli/restore/command.ts')).restoreCommand,
  operator: async () => (await import('../cli/operator/command.ts')).operatorCommand,
  keys: async () => (await import('../cli/keys/command.ts')).keysCommand,
  secrets: async () => (await import('../cli/secrets/command.ts')).secretsCommand,
  listen: async () => (await import('../cli/listen/listen.ts')).listenCommand,
  trigger: async () => (await import('../cli/trigger/trigger.ts')).triggerCommand,
};

const help = `strongroom: runs zones, and helps those who integrate with one

For integrators, against the local cloud that npm start runs
  strongroom listen      receives its webhooks, and forwards them to your server
  strongroom trigger     makes an event happen, such as payment.captured

For engineers, against AWS
  strongroom doctor      looks for what stands in the way of a deployment
  strongroom deploy      deploys a stage in the right order, once you said yes
  strongroom diff        shows what a deployment would change, the gravest first
  strongroom destroy     deletes a stage, or names what locks it
  strongroom cost        shows what a stage costs a month, idle and under load
  strongroom failover    shows which region writes, and hands that over
  strongroom restore     shows how the tables of a zone are restored
  strongroom operator    makes and revokes the operators of a zone
  strongroom keys        shows when KMS keys are rotated, and rotates them
  strongroom secrets     shows when secrets are rotated, and rotates them

strongroom <command> --help says more.
`;

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === undefined || ['help', '--help', '-h'].includes(command)) return console.log(help);
  const load = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (load === undefined) throw new Usage(`Unknown command: ${command}. See strongroom --help.`);
  await (await load())(args).catch(async (thrown: unknown) => {
    if (thrown instanceof Usage) throw thrown;
    throw (await import('../cli/aws/credentials.ts')).withoutCredentials(thrown);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const plain = error instanceof Usage;
  console.error(error instanceof Error ? (plain ? error.message : `${error.name}: ${error.message}`) : String(error));
  process.exitCode = 1;
});
