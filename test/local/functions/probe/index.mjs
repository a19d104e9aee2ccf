// A function for the tests of the pool: does what its event asks for.
import * as https from 'node:https';
import { setTimeout } from 'node:timers/promises';

const agent = new https.Agent({ keepAlive: true });

const ask = (url) =>
  new Promise((resolve) => {
    const request = https.request(new URL(url), { method: 'POST', agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', ({ code }) => resolve(code)).end('body');
  });

let running = 0;
let served = 0;

export const handler = async (event, context) => {
  running += 1;
  served += 1;
  try {
    const begun = new Date();
    if (event.sleepMs) await setTimeout(event.sleepMs);
    if (event.spin) for (;;);
    if (event.exit) process.exit(3);
    if (event.throws) throw Object.assign(new Error(event.throws), { name: 'Custom' });
    const asked = event.ask && (await ask(event.ask));
    return {
      asked,
      pid: process.pid,
      running,
      served,
      begunAt: begun.getTime(),
      endedAt: Date.now(),
      day: new Date(0).toISOString(),
      remainingMs: context.getRemainingTimeInMillis(),
      arn: context.invokedFunctionArn,
      trace: process.env._X_AMZN_TRACE_ID,
      environment: Object.keys(process.env).sort(),
    };
  } finally {
    running -= 1;
  }
};
