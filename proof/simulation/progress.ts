// How far a long run is: on a line of the terminal that it takes back at its end, and where there is no terminal on a line
// a minute.

const redrawMs = { terminal: 500, elsewhere: 60_000 } as const;

/** `total`: 0 where nobody knows. */
export function progressOf(what: string, total: number) {
  const terminal = process.stderr.isTTY;
  const everyMs = terminal ? redrawMs.terminal : redrawMs.elsewhere;
  let done = 0;
  let shownAt = performance.now();
  return {
    more(number: number): void {
      done += number;
      const now = performance.now();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      const share = total === 0 ? '' : ` (${Math.min(100, Math.floor((100 * done) / total))} %)`;
      const line = `${done.toLocaleString('en-US')} ${what}${share}`;
      process.stderr.write(terminal ? `\r${line}\u001b[K` : `${line}\n`);
    },
    end(): void {
      if (terminal) process.stderr.write('\r\u001b[K');
    },
  };
}
