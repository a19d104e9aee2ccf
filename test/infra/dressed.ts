// The templates of a stage that has all that the reference configuration leaves out (test/kit/synthesize_dressed.ts).

import { dressedAssembly } from '../kit/run.ts';
import { readZones, type Zone } from './templates.ts';

const zones: readonly Zone[] = readZones(await dressedAssembly());
export const dressedZones = (): readonly Zone[] => zones;
