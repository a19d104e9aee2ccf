// What a piece of code prints on the process's own output, as lines of JSON.

import { vi } from 'vitest';

type Line = Readonly<Record<string, unknown>>;

export function printedLines(print: () => void): Line[] {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    print();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written.map((line) => JSON.parse(line));
}
