// Files that share a process must leave it as they found it: whoever leaves another clock, `fetch` or environment behind
// fails here, instead of the file that happens to come next.

// Names itself to the SDK in the environment, when it is first imported: whoever imports it later leaves nothing more.
import '@aws-lambda-powertools/logger';
import { afterAll, expect } from 'vitest';

/** What a process has one of. */
const surroundings = () => ({
  clock: Date,
  timer: setTimeout,
  fetch,
  output: process.stdout.write,
  complaints: process.stderr.write,
  folder: process.cwd(),
  stackTraceLimit: Error.stackTraceLimit,
  environment: { ...process.env },
});

const found = surroundings();
afterAll(() => expect(surroundings(), 'what this file left of its process').toEqual(found));
