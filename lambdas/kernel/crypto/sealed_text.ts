// What lies sealed in an object, as the domain holds it: bytes that it can neither read nor print.

import * as v from 'valibot';
import type { Sealed } from './envelope.ts';

export const SealedText = v.custom<Sealed<string>>((value) => value instanceof Uint8Array);
