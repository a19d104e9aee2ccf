// Runs the rewrapper of the local cloud, by its control endpoint, until every data key is re-wrapped. Loopback only.

import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../contract/rotation/limits.ts';
import { loopback } from '../../local/cloud/addresses.ts';
import { Usage } from '../command_line.ts';

const Rewrapped = v.object({
  key: v.picklist(wrappingKeys),
  rotated_at: v.nullable(v.string()),
  state: v.picklist(['certified', 'waiting', 'running', 'failed']),
  until: v.nullable(v.string()),
});
type Rewrapped = v.InferOutput<typeof Rewrapped>;
const Outcome = v.object({ kind: v.literal('returned'), payload: v.array(Rewrapped) });

const answerBytes = 1_000_000;

/** One run of the function. */
function run(controlPort: number, zone: string): Promise<Rewrapped[]> {
  const path = `/schedules/rewrapper/run?zone=${zone}`;
  const timeout = rewrapLimits.functionTimeoutMs + rewrapLimits.reserveMs;
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: loopback, port: controlPort, path, method: 'POST', timeout, agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.length > answerBytes) asked.destroy(new Error('the answer of the local cloud is too long'));
        });
        answer.once('end', () => {
          const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Outcome), text);
          if (parsed.success) resolve(parsed.output.payload);
          else reject(new Usage(`The rewrapper did not run: ${text.trim().slice(0, 500)}`));
        });
      },
    );
    asked.once('timeout', () => asked.destroy(new Error('the rewrapper did not answer in time')));
    asked.once('error', reject);
    asked.end();
  });
}

export interface RewrapperRuns {
  readonly controlPort: number;
  readonly zone: string;
  readonly isAsked: (key: string) => boolean;
  /** Called repeatedly while the rewrapper runs. */
  readonly look: () => Promise<void>;
  readonly say: (line: string) => void;
}

const lookMs = 500;
/** Each run but the last one uses its whole time. */
const mostRuns = 1_000;

export async function rewrapToTheEnd({ controlPort, zone, isAsked, look, say }: RewrapperRuns): Promise<void> {
  for (let runs = 0; runs < mostRuns; runs += 1) {
    const done = new AbortController();
    const running = run(controlPort, zone).finally(() => done.abort());
    const looking = lookUntil(done.signal, look);
    const outcomes = (await running).filter(({ key }) => isAsked(key));
    await looking;
    const failed = outcomes.find(({ state }) => state === 'failed');
    if (failed !== undefined)
      throw new Error(`re-wrapping the data keys under ${failed.key} failed: see the log of the function rewrapper`);
    const open = outcomes.filter(({ state }) => state !== 'certified');
    if (open.length === 0) return;
    if (open.some(({ state }) => state === 'running')) continue;
    const until = open.map(({ until }) => until ?? '').sort()[0] ?? '';
    say(
      `Until ${until} a function may still store data keys that were wrapped before the rotation. The rewrapper goes on then.`,
    );
    await setTimeout(Math.max(0, Date.parse(until) - Date.now()) + lookMs);
  }
  throw new Error(`the rewrapper did not finish after ${mostRuns} runs`);
}

async function lookUntil(done: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!done.aborted) {
    await setTimeout(lookMs, undefined, { signal: done }).catch(() => {});
    await look();
  }
}
