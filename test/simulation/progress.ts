// How far a long run is, on a line of the terminal that it takes back at its end.

const redrawMs = 500;

/** `total`: 0 where nobody knows. */
export function progressOf(what: string, total: number) {
  let done = 0;
  let drawnAt = 0;
  const shown = process.stderr.isTTY;
  return {
    more(number: number): void {
      done += number;
      const now = performance.now();
      if (!shown || now - drawnAt < redrawMs) return;
      drawnAt = now;
      const share = total === 0 ? '' : ` (${Math.min(100, Math.floor((100 * done) / total))} %)`;
      process.stderr.write(`\r${done.toLocaleString('en-US')} ${what}${share}\u001b[K`);
    },
    end(): void {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
