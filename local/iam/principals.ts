// Who may call the AWS endpoint. Each function has credentials of its own, new at every start, so that a call always identifies
// its role; the deployer (tables, first operator) has others. Unknown credentials are refused.

import { randomBytes } from 'node:crypto';
import { AwsError } from '../endpoint/error.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export type Principal =
  | { readonly kind: 'deployer'; readonly arn: string }
  | {
      readonly kind: 'function';
      /** The assumed role's session, as error messages name it. */
      readonly arn: string;
      readonly roleArn: string;
      readonly functionArn: string;
      readonly region: string;
      readonly inVpc: boolean;
    };

export interface Principals {
  /** Makes credentials for the principal. */
  admit(principal: Principal): Credentials;
  /** Whose credentials these are; throws for unknown ones. */
  identify(accessKeyId: string): Principal;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const createPrincipals = (): Principals => {
  const known = new Map<string, Principal>();
  return {
    admit(principal) {
      const random = [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join('');
      const accessKeyId = `ASIA${random}`;
      known.set(accessKeyId, principal);
      return {
        accessKeyId,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(48).toString('base64'),
      };
    },
    identify(accessKeyId) {
      const principal = known.get(accessKeyId);
      if (principal === undefined) {
        throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
      }
      return principal;
    },
  };
};

/** The session ARN of a function's role, as AWS spells it. */
export const sessionArn = (roleArn: string, functionName: string): string =>
  `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${functionName}`;
