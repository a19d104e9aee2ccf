// Of a zone with one region: it is the writer, and nobody is asked.

import type { Writer } from '../../../lambdas/kernel/platform/writer.ts';
import { region } from './environment.ts';

export const onlyRegion: Writer = { epoch: async () => 1, holder: async () => region };
