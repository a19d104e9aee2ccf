// Synthesizes once for the whole suite: infrastructure tests read cdk.out, end-to-end tests run it.

import { execFileSync } from 'node:child_process';

export default function setup(): void {
  execFileSync(process.execPath, ['bin/app.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
