// The command line of the local cloud. An unknown option is refused with a sentence that names it.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../host/user_error.ts';
import type { Hosts } from '../lambda/internet.ts';

export interface Options {
  /** First zone's API; the second zone's is one higher, the test processor two. Absent: free ports, remembered. */
  readonly port: number | undefined;
  readonly readyFile: string | undefined;
  readonly state: string;
  readonly synth: boolean;
  /** The cloud assembly that is run. */
  readonly assembly: string;
  readonly stage: string;
  /** Zones that run their second region too. */
  readonly bothRegions: readonly string[];
  /** Where every different access of a role is written down. */
  readonly record: string | undefined;
  /** What on this machine speaks for hosts of the internet. Absent: nothing does. */
  readonly hosts: Hosts | undefined;
  readonly demo: boolean;
  /** Whether the functions that requests wait for are started before the first one. */
  readonly warm: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
}

export const usage = `Runs the synthesized templates on this machine (a developer's tool; production is AWS).

  node local/cloud/main.ts [options]

  --port P          first zone's API on 127.0.0.1:P, second zone's on P+1, test processor on P+2
                    (default: free ports, remembered in the state folder)
  --ready-file F    write addresses and keys to F (JSON, atomically) once everything answers
  --state DIR       all state, in one folder that may be deleted   (default: .strongroom)
  --stage NAME      stage of the cloud assembly to run             (default: development)
  --both-regions Z  run the second region of zone Z too, which the stage must have (production does), behind one
                    address for both; it needs as much memory again, so it is off by default. May be repeated
  --no-synth        run the existing cdk.out instead of building and synthesizing first
  --assembly DIR    run this cloud assembly instead of cdk.out; only with --no-synth, as synthesis writes cdk.out
  --host HOST=URL   functions that ask https://HOST reach URL on this machine, a processor’s stand-in; HOST may begin
                    with *. May be repeated
  --record F        append every different access to AWS that a role asks for to F (JSON lines)
  --no-demo         create no operators and no demo tenants
  --no-warm         start no function before its first invocation
  --verbose         show errors that functions log, and failed invocations
  --help            this text

Control endpoint (its address is printed and is in the ready file), loopback only:
  GET  /health                               200 once everything answers
  POST /schedules/<function>/run?zone=us     runs a scheduled function now; answers when it has finished
                                             (of the home region, unless &region= names the other one)
  POST /regions/<region>/<change>            kill (SIGKILL to all its processes), start, isolate (from the other region
                                             and from the witness of strongly consistent tables), rejoin
  GET  /clock                                how far the clock of all functions is ahead
  POST /clock/advance?seconds=N              moves it forward

Webhooks of the test mode may go to one port of this machine, which the state folder remembers: strongroom listen
receives them there.

Logs of functions and gateways are in <state>/logs. Everything listens on 127.0.0.1 only and ends with this process.
`;

const portOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_533) {
    throw new UserError(`--port takes a number from 1 to 65533 (three ports in a row are used), not "${text}".`);
  }
  return port;
};

const hostsOf = (given: readonly string[]): Hosts | undefined => {
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map((text) => {
      const [, host = '', at = ''] = /^(\*?[a-z0-9.-]+)=(http:\/\/127\.0\.0\.1:\d+)\/?$/.exec(text) ?? [];
      if (host === '') {
        throw new UserError(
          `--host takes a host and an address on this machine, such as api.example.com=http://127.0.0.1:4000, not "${text}".`,
        );
      }
      return [host, at];
    }),
  );
};

export const readArguments = (argv: readonly string[], projectRoot: string): Options => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        'ready-file': { type: 'string' },
        state: { type: 'string' },
        stage: { type: 'string', default: 'development' },
        'both-regions': { type: 'string', multiple: true, default: [] },
        assembly: { type: 'string' },
        host: { type: 'string', multiple: true, default: [] },
        record: { type: 'string' },
        'no-synth': { type: 'boolean', default: false },
        'no-demo': { type: 'boolean', default: false },
        'no-warm': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.assembly !== undefined && !values['no-synth']) {
      throw new UserError('--assembly runs an existing assembly: add --no-synth.');
    }
    return {
      port: portOf(values.port),
      readyFile: values['ready-file'] === undefined ? undefined : resolve(values['ready-file']),
      state: resolve(values.state ?? `${projectRoot}/.strongroom`),
      synth: !values['no-synth'],
      assembly: resolve(values.assembly ?? `${projectRoot}/cdk.out`),
      stage: values.stage,
      bothRegions: values['both-regions'],
      record: values.record === undefined ? undefined : resolve(values.record),
      hosts: hostsOf(values.host),
      demo: !values['no-demo'],
      warm: !values['no-warm'],
      verbose: values.verbose,
      help: values.help,
    };
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(`${messageOf(thrown)}\nTry: node local/cloud/main.ts --help`);
  }
};
