import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenPort } from '../../local/cloud/addresses.ts';
import { listen } from '../../local/host/ports.ts';

test('the port of strongroom listen stays the folder’s, even while a listener has it', async () => {
  const receiver = createServer();
  const used = await listen(receiver, { what: 'a receiver' });
  expect(await listenPort(used)).toBe(used);
  receiver.close();
});

test('a new one is below the ports that operating systems assign by themselves', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => listenPort(undefined)));
  for (const port of ports) expect([port >= 20_000, port < 30_000]).toEqual([true, true]);
});
