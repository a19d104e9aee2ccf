// How the commands' SDK clients reach AWS, an emulator or the local cloud: with a bound on attempts and a deadline for each, which
// without `throwOnRequestTimeout` the SDK would only warn of.

import { awsLimits } from '../../contract/kernel/limits.ts';
import type { Credentials } from './sign.ts';

export interface ClientTarget {
  readonly region: string;
  /** Absent: AWS. */
  readonly endpoint?: string | undefined;
  /** Absent: as every AWS tool finds them. */
  readonly credentials?: Credentials | undefined;
}

export const clientSettings = ({ region, endpoint, credentials }: ClientTarget) => ({
  region,
  ...(endpoint && { endpoint }),
  ...(credentials && {
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken !== undefined && { sessionToken: credentials.sessionToken }),
    },
  }),
  maxAttempts: awsLimits.attempts,
  requestHandler: {
    connectionTimeout: awsLimits.connectMs,
    requestTimeout: awsLimits.requestMs,
    throwOnRequestTimeout: true,
  },
});
