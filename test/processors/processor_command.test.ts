// The test processor as a command: it explains itself, says what is wrong, and never outlives who started it.

import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { newLedger, spawnProcessor, startProcessor } from './processor_process.ts';

describe.concurrent('the command', () => {
  const end = async (...args: string[]) => {
    const child = spawnProcessor(...args);
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      text += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, text };
  };

  test('explains itself and refuses bad arguments', async () => {
    expect(await end('--help')).toMatchObject({ code: 0, text: expect.stringContaining('--ledger FILE') });
    expect(await end()).toMatchObject({ code: 2, text: expect.stringContaining('--ledger is missing') });
    expect(await end('--ledger', 'x', '--port', '70000')).toMatchObject({
      code: 2,
      text: expect.stringContaining('--port must be'),
    });
  });

  test('names a taken port', async () => {
    const running = await startProcessor();
    const port = new URL(running.url).port;
    const { code, text } = await end('--ledger', newLedger(), '--port', port);
    expect(code).toBe(1);
    expect(text).toContain(`port ${port} on 127.0.0.1 is taken`);
    await running.kill();
  });

  test('ends with its parent and on SIGTERM', async () => {
    for (const stop of ['stdin', 'SIGTERM'] as const) {
      const { child } = await startProcessor();
      const ended = once(child, 'exit');
      if (stop === 'stdin') child.stdin?.end();
      else child.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
    }
  });
});
