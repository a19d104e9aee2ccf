// What an assembly deploys: templates, manifests and assets. The reports beside them hold stack traces.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const deployed = (outdir: string): string[] =>
  readdirSync(outdir, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/validation-report|tree\.json|metadata\.json|\.cache/.test(name))
    .filter((name) => statSync(join(outdir, name)).isFile())
    .sort();

export const textIn = (outdir: string, name: string): string => readFileSync(join(outdir, name), 'utf8');
