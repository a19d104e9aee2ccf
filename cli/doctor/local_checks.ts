// What this machine needs to synthesize, deploy and run the local cloud. It loads nothing that npm installs before it has been
// looked at: the doctor must be able to say that it is missing.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Finding, note, ok, wrong } from './finding.ts';

const root = join(import.meta.dirname, '..', '..');
const neededNode = 24;

export function nodeCheck(version = process.versions.node): Finding {
  return Number(version.split('.')[0]) >= neededNode
    ? ok('Node', version)
    : wrong(
        'Node',
        `${version} is too old`,
        `npm ci brings Node ${neededNode} to Linux and Windows; elsewhere install it.`,
      );
}

interface Package {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readPackage = (...path: string[]): Package | null => {
  const file = join(...path, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
};

const pinned = (folder: string): Readonly<Record<string, string>> => {
  const { dependencies, devDependencies } = readPackage(folder) ?? {};
  return { ...dependencies, ...devDependencies };
};

/** Every package of package.json is there, in the version that it pins. */
export function dependenciesCheck(folder = root): Finding {
  const differing = Object.entries(pinned(folder)).flatMap(([name, version]) => {
    const found = readPackage(folder, 'node_modules', name)?.version;
    return found === version
      ? []
      : [found === undefined ? `${name} is missing` : `${name} is ${found}, not ${version}`];
  });
  const [first] = differing;
  return first === undefined
    ? ok('npm packages', `${Object.keys(pinned(folder)).length}, as pinned`)
    : wrong(
        'npm packages',
        `${first}${differing.length > 1 ? `, and ${differing.length - 1} more differ` : ''}`,
        'Run npm ci.',
      );
}

export function cdkCheck(folder = root): Finding {
  const version = readPackage(folder, 'node_modules', 'aws-cdk')?.version;
  const pin = pinned(folder)['aws-cdk'];
  return version === pin && version !== undefined
    ? ok('CDK CLI', `${version}, as pinned`)
    : wrong('CDK CLI', version === undefined ? 'is missing' : `${version}, and ${pin} is pinned`, 'Run npm ci.');
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** The local cloud takes three ports in a row, or any that are free. */
export async function portsCheck(port: number | null): Promise<Finding> {
  if (port === null)
    return (await isFree(0))
      ? ok('ports', 'free ones can be had on 127.0.0.1')
      : wrong('ports', 'no port can be had on 127.0.0.1', 'Allow programs to listen on loopback.');
  const ports = [port, port + 1, port + 2];
  const inUse = (await Promise.all(ports.map(async (each) => ((await isFree(each)) ? [] : [each])))).flat();
  return inUse.length === 0
    ? ok('ports', `${ports.join(', ')} are free`)
    : wrong(
        'ports',
        `${inUse.join(', ')} in use`,
        'Choose others with --port, or leave it out: any that are free will do.',
      );
}

/** `npm start` needs one; deploying does not. */
export async function engineCheck(): Promise<Finding> {
  const { chooseEngine } = await import('../../local/dynamodb/engine.ts');
  const { name } = chooseEngine();
  return name === 'memory'
    ? note('DynamoDB engine', 'our own in memory: the others have no build for this machine, or need Java 17')
    : ok('DynamoDB engine', name);
}

/** strongroom.config.ts is valid, has the stage, and what is worth knowing about that stage, or about all. */
export async function configurationCheck(stage?: string): Promise<Finding[]> {
  const { ConfigError } = await import('../../lib/config.ts');
  const { notesOn } = await import('../../lib/notes.ts');
  const { refuseRepeatedNamesIn } = await import('../../lib/config_source.ts');
  try {
    refuseRepeatedNamesIn(new URL('../../strongroom.config.ts', import.meta.url));
    const { default: config } = await import('../../strongroom.config.ts');
    const stages = Object.keys(config.stages);
    if (stage !== undefined && !stages.includes(stage))
      return [wrong('configuration', `has no stage ${stage}, but ${stages.join(', ')}`, 'Name one of them.')];
    const notes = notesOn(config, stage).map((each) => note('configuration', each));
    return [ok('configuration', `stages ${stages.join(', ')}`), ...notes];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [, ...lines] = error.message.split('\n');
    return lines.map((line) => wrong('configuration', line.trim(), 'Edit strongroom.config.ts.'));
  }
}
