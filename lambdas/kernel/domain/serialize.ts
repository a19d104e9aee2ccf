// The public form of an object: exactly the fields of its reply schema. What the schema does not name cannot get out.

import * as v from 'valibot';
import { Defect } from './refusal.ts';

export function serialize(schema: v.GenericSchema, value: unknown): string {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new Defect('an object does not fit its reply schema');
  return JSON.stringify(parsed.output);
}
