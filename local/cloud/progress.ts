// What a person sees while the local cloud boots: one line per step with its time.

const started = performance.now();

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`.padStart(8);

export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Runs a step of the boot and prints how long it took; the step's answer may add words to the line. */
export const step = async <T>(name: string, work: () => Promise<T>, words?: (answer: T) => string): Promise<T> => {
  const began = performance.now();
  const answer = await work();
  const more = words === undefined ? '' : `  ${words(answer)}`;
  say(`${seconds(performance.now() - began)}  ${name}${more}`);
  return answer;
};

export const sinceStart = (): string => seconds(performance.now() - started).trim();
