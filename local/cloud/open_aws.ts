// The AWS endpoint of all zones, and those who may call it: the deployer, and the functions once their zones have started.
// Each refusal is written into the log of its function, and different ones are shown on the console.

import { createAwsEndpoint } from '../endpoint/server.ts';
import { localLimits } from '../host/limits.ts';
import { listen } from '../host/ports.ts';
import { createAuthority } from '../iam/authorize.ts';
import { createPrincipals } from '../iam/principals.ts';
import type { FunctionLog } from '../lambda/log.ts';
import { url } from './addresses.ts';
import type { Rollback } from './rollback.ts';

export const openAws = async (rollback: Rollback, warn: (text: string) => void) => {
  const principals = createPrincipals();
  const deployer = principals.admit({ kind: 'deployer', arn: 'arn:aws:iam::000000000000:role/local-deployer' });
  const logs = new Map<string, FunctionLog>();
  const shown = new Set<string>();
  const authority = createAuthority({
    refused(actor, message) {
      logs.get(actor)?.refused(message);
      if (shown.has(message) || shown.size >= localLimits.refusalsShown) return;
      shown.add(message);
      warn(message);
    },
  });
  const aws = createAwsEndpoint({ principals, authorize: authority.authorize, warn });
  const awsUrl = url(await listen(rollback.closing(aws.server), { what: 'the AWS endpoint' }));
  return { aws, awsUrl, principals, deployer, authority, logs };
};
