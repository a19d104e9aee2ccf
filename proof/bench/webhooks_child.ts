// One run of the webhook bench in a process of its own, which may take much memory.

import { writeSync } from 'node:fs';
import { runWebhooks } from './webhooks_run.ts';

// Nobody reads where an expected refusal was thrown.
Error.stackTraceLimit = 0;
const [minutes = '1', ...more] = process.argv.slice(2);
writeSync(
  3,
  JSON.stringify(
    await runWebhooks({
      minutes: Number(minutes),
      alone: more.includes('alone'),
      hostile: more.includes('hostile'),
    }),
  ),
);
