// What a run of tests makes once (test/kit/global_setup.ts), for the file that asks. Outside of a run of tests there is the
// cdk.out that somebody synthesized, and nothing else.

import * as v from 'valibot';

export const runVariable = 'STRONGROOM_RUN';

export const Made = v.picklist(['assembly', 'dressed', 'state', 'cloud']);
export type Made = v.InferOutput<typeof Made>;

export const isRun = (): boolean => process.env[runVariable] !== undefined;

/** Waits until it is made. Where it cannot be made, everybody who asks fails with the reason. */
export async function madeOnce<Schema extends v.GenericSchema>(
  name: Made,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const response = await fetch(`${process.env[runVariable]}/${name}`);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`this run has no ${name}:\n${body}`);
  return v.parse(schema, body);
}

/** The folder of the templates of a stage that has all that the reference configuration leaves out. */
export const dressedAssembly = (): Promise<string> => madeOnce('dressed', v.string());

/** The folder of the synthesized templates. */
export const assembly = async (): Promise<string> => (isRun() ? madeOnce('assembly', v.string()) : 'cdk.out');
