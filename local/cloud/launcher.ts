// Under `npm start` the local cloud ends when npm does, however npm ends: a supervisor that kills npm must not leave a
// system running behind it. Started by hand it outlives its shell, as any server does.

import { localLimits } from '../host/limits.ts';

/** Resolves when the process that launched us is gone. Never, where npm did not launch us. */
export const launcherGone = (): Promise<'asked'> =>
  new Promise((resolve) => {
    if (process.env.npm_lifecycle_event === undefined) return;
    const launcher = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === launcher) return;
      clearInterval(watch);
      resolve('asked');
    }, localLimits.launcherLookMs);
    watch.unref();
  });
