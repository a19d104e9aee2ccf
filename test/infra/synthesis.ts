// Synthesizes the app once for all tests of a worker, and reads back what was written: tests look at templates, as AWS
// will, never at constructs.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ZoneName } from '../../contract/zones.ts';
import { buildApp } from '../../lib/app.ts';
import { bundleFunctions } from '../../lib/bundle.ts';
import { type Config, type ConfigInput, configure } from '../../lib/config.ts';
import real from '../../strongroom.config.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, { readonly Default: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Zone {
  readonly stage: string;
  readonly zone: ZoneName;
  readonly keys: Template;
  readonly data: Template;
  readonly api: Template;
}

export interface Synthesized {
  readonly outdir: string;
  readonly zones: readonly Zone[];
}

export const today = '2026-11-21';

/** A stage that has all that the real configuration leaves out: an account, a domain, a restored table. */
export const dressed: ConfigInput = {
  ...real,
  stages: {
    live: {
      data: 'locked',
      domain: 'pay.example.com',
      zones: {
        eu: {
          account: '111122223333',
          certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
          tableNames: { payments: 'strongroom-live-eu-payments-restored-20270101' },
        },
      },
    },
  },
};

let bundled: Promise<void> | undefined;

async function synthesize(config: Config): Promise<Synthesized> {
  bundled ??= bundleFunctions();
  await bundled;
  const outdir = mkdtempSync(join(tmpdir(), 'strongroom-infra-'));
  buildApp(config, { outdir, today }).synth();
  return { outdir, zones: readZones(outdir) };
}

export const readZones = (outdir: string): Zone[] =>
  readdirSync(outdir)
    .filter((name) => name.startsWith('assembly-'))
    .map((folder) => {
      const files = readdirSync(join(outdir, folder));
      const [, stage = '', zone = ''] = folder.split('-');
      const template = (stack: string): Template => {
        const file = files.find(
          (name) => name.startsWith(`${stage}${zone}${stack}`) && name.endsWith('.template.json'),
        );
        return JSON.parse(readFileSync(join(outdir, folder, file ?? `no ${stack} template`), 'utf8'));
      };
      return { stage, zone: zone as ZoneName, keys: template('keys'), data: template('data'), api: template('api') };
    });

const made = new Map<string, Promise<Synthesized>>();
const once = (name: string, config: () => Config): Promise<Synthesized> => {
  const synthesized = made.get(name) ?? synthesize(config());
  made.set(name, synthesized);
  return synthesized;
};

export const synthesized = (): Promise<Synthesized> => once('real', () => real);
export const synthesizedDressed = (): Promise<Synthesized> => once('dressed', () => configure(dressed));

export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** The values of an object of which there is exactly one. */
export const only = <T>(values: readonly T[]): T => {
  const [value] = values;
  if (values.length !== 1 || value === undefined) throw new Error(`expected one, found ${values.length}`);
  return value;
};
