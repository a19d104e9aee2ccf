// What was sealed as JSON, parsed once it is opened. Only we seal: what has not its form is a defect.

import * as v from 'valibot';
import { Defect } from '../domain/refusal.ts';

/** `what` names it where it has not its form. */
export function parseSealed<S extends v.GenericSchema>(schema: S, opened: string, what: string): v.InferOutput<S> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), opened);
  if (!parsed.success) throw new Defect(`${what} has not its form`);
  return parsed.output;
}
