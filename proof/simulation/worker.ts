// A thread that does one job after the other, until there is none.

import { parentPort, workerData } from 'node:worker_threads';
import { createRecorder } from '../privileges/recorder.ts';
import { type Job, runJob } from './campaign.ts';
import type { FromWorker } from './threads.ts';

// Refusals are errors by the million here, and nobody reads where they were thrown.
Error.stackTraceLimit = 0;

const { record: file } = workerData as { readonly record: string | null };
const recorder = file === null ? null : createRecorder(file);
const tell = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on('message', async (job: Job | null) => {
  if (job === null) {
    recorder?.close();
    parentPort?.close();
    return;
  }
  const tally = await runJob(job, {
    progress: (operations) => tell({ kind: 'progress', operations }),
    ...(recorder && { record: recorder.record }),
  });
  tell({ kind: 'done', tally });
});
