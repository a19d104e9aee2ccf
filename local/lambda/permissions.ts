// Who may invoke a function besides its own account's roles: the template's AWS::Lambda::Permission resources. In AWS a
// forgotten one shows as a 500 at the first request; here it stops the boot.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { matchesWildcards } from '../iam/wildcard.ts';

const Permission = v.object({
  Action: v.picklist(['lambda:InvokeFunction', 'lambda:*']),
  FunctionName: v.string(),
  Principal: v.string(),
  SourceArn: v.optional(v.string()),
  SourceAccount: v.optional(v.string()),
});

/** Complains unless the service may invoke the function on behalf of `sourceArn`. */
export const permissionsOf = (
  deployment: Deployment,
  service = 'apigateway.amazonaws.com',
): ((functionArn: string, sourceArn: string, caller: Resource) => void) => {
  const granted = deployment.of('AWS::Lambda::Permission').map((each) => v.parse(Permission, each.properties()));
  const seen = new Set<string>();
  return (functionArn, sourceArn, caller) => {
    const asked = `${functionArn} ${sourceArn}`;
    if (seen.has(asked)) return;
    const allowed = granted.some(
      (each) =>
        each.Principal === service &&
        (each.SourceAccount ?? deployment.account) === deployment.account &&
        // To the letter: a permission on a function is none on its alias, nor the other way round (Lambda developer guide,
        // "Versioning, aliases, and resource policies", read 2026-12-01).
        (each.FunctionName === functionArn || each.FunctionName === functionArn.split(':function:').at(-1)) &&
        each.SourceArn !== undefined &&
        matchesWildcards(each.SourceArn, sourceArn),
    );
    if (!allowed) {
      throw new UserError(
        `stack ${caller.stack.name}: ${caller.logicalId} may not invoke ${functionArn}: no AWS::Lambda::Permission covers ${sourceArn}.`,
      );
    }
    seen.add(asked);
  };
};
