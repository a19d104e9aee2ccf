// What a run of tests makes once (test/kit/global_setup.ts), for the file that asks. Outside of a run of tests there is the
// cdk.out that somebody synthesized, and nothing else.

export const runVariable = 'STRONGROOM_RUN';

export type Made = 'assembly' | 'dressed' | 'state' | 'cloud';

export const isRun = (): boolean => process.env[runVariable] !== undefined;

/** Waits until it is made. Whoever made it is told why it could not be, and so is everybody who asks. */
export async function madeOnce(name: Made): Promise<unknown> {
  const response = await fetch(`${process.env[runVariable]}/${name}`);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`this run has no ${name}:\n${body}`);
  return body;
}

/** The folder of the templates of a stage that has all that the real configuration leaves out. */
export const dressedAssembly = async (): Promise<string> => String(await madeOnce('dressed'));

/** The folder of the synthesized templates. */
export const assembly = async (): Promise<string> => (isRun() ? String(await madeOnce('assembly')) : 'cdk.out');
