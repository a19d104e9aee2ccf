// The AWS credentials of the person at the terminal, as every AWS tool looks for them (environment, profile, single sign-on,
// instance), or why there are none.

import { KMSClient } from '@aws-sdk/client-kms';
import { engineerLimits } from '../../contract/kernel/limits.ts';
import { Usage } from '../command_line.ts';
import { type Aws, AwsFailure, createAws } from './client.ts';
import type { Credentials } from './sign.ts';

/** `asked`: somebody named a profile, or signed in once, so that their absence is a surprise. */
export interface NoCredentials {
  readonly why: string;
  readonly asked: boolean;
}

const generic = 'Could not load credentials from any providers';

function reasonOf(thrown: unknown): NoCredentials {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (said !== generic) return { why: said, asked: true };
  const profile = process.env.AWS_PROFILE;
  if (profile === undefined) return { why: 'There are no AWS credentials: set AWS_PROFILE.', asked: false };
  return { why: `The profile ${profile} gives no credentials: is it in ~/.aws/config?`, asked: true };
}

export async function findCredentials(): Promise<Credentials | NoCredentials> {
  const client = new KMSClient({ region: 'us-east-1' });
  const seconds = engineerLimits.credentialsMs / 1000;
  const late = new Promise<NoCredentials>((resolve) => {
    setTimeout(
      () => resolve({ why: `No AWS credentials were found within ${seconds} s.`, asked: true }),
      engineerLimits.credentialsMs,
    ).unref();
  });
  return Promise.race([client.config.credentials().catch(reasonOf), late]);
}

export const isMissing = (found: Credentials | NoCredentials): found is NoCredentials => 'why' in found;

/** Throws a Usage where there are no credentials. */
export async function requireCredentials(): Promise<Credentials> {
  const found = await findCredentials();
  if (isMissing(found)) throw new Usage(`${found.why} See docs/deploying.md.`);
  return found;
}

/** Throws a Usage where there are no credentials. */
export const signedIn = async (): Promise<Aws> => createAws(await requireCredentials());

/** What an AWS client threw for want of credentials, as an error that the person at the terminal can act on; anything else as it is. */
export function withoutCredentials(thrown: unknown): unknown {
  const missing = thrown instanceof Error && ['CredentialsProviderError', 'TokenProviderError'].includes(thrown.name);
  return missing ? new Usage(`${reasonOf(thrown).why} See docs/deploying.md.`) : thrown;
}

/** What AWS did not answer, as an error that the person at the terminal can act on. */
export function plainFailure(thrown: unknown): never {
  if (!(thrown instanceof AwsFailure)) throw thrown;
  throw new Usage(`AWS gave no answer (${thrown.message}): nothing was done. strongroom doctor says more.`);
}
