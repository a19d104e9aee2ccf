// A restart of the local cloud with its state at hand and the templates built: what an engineer waits for.

import { newState, startCloud } from '../../test/kit/cloud.ts';
import { type Bench, median } from './measure.ts';

const restarts = 3;

export const boot: Bench = {
  name: 'boot',
  about: 'a restart of the local cloud, templates built, state at hand',
  run: async () => {
    const state = newState();
    // The first start makes tables, keys and tenants; it is not measured.
    let running = await startCloud(state);
    const times: number[] = [];
    try {
      for (let at = 0; at < restarts; at += 1) {
        await running.kill();
        const began = performance.now();
        running = await startCloud(state);
        times.push(Math.round(performance.now() - began));
      }
    } finally {
      await running.stop();
    }
    return [{ name: 'restart', unit: 'ms', ours: median(times), more: { min: Math.min(...times) } }];
  },
};
