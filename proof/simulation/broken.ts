// Preloaded (`node --import`) into a simulation that is to run a broken product: replaces one line of one file as it is
// loaded. The file itself stays as it is.

import { registerHooks } from 'node:module';
import type { Breakage } from './breakage.ts';
import { breakages } from './breakages.ts';

const name = process.env.STRONGROOM_BREAKAGE ?? '';
const breakage: Breakage | undefined = Object.hasOwn(breakages, name)
  ? breakages[name as keyof typeof breakages]
  : undefined;
if (breakage === undefined) throw new Error(`there is no breakage ${name}`);
const { file, find, replace } = breakage;
const broken = new URL(`../../${file}`, import.meta.url).href;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (url !== broken) return loaded;
    const parts = String(loaded.source).split(find);
    if (parts.length !== 2) throw new Error(`the line that ${name} breaks stands ${parts.length - 1} times in ${file}`);
    return { ...loaded, source: parts.join(replace) };
  },
});
