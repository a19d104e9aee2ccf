// The aliases of a zone's functions. Each stands for the one version that its function has here; one that stands for anything else stops
// the boot, as AWS would refuse it.

import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';

const Alias = v.object({ FunctionName: v.string(), FunctionVersion: v.string() });
const Version = v.object({ FunctionName: v.string() });

/** Alias's ARN -> its function's name. */
export const aliasesOf = (deployment: Deployment): ReadonlyMap<string, string> => {
  const versioned = new Set(
    deployment.of('AWS::Lambda::Version').map((each) => v.parse(Version, each.properties()).FunctionName),
  );
  return new Map(
    deployment.of('AWS::Lambda::Alias').map((each): [string, string] => {
      const { FunctionName, FunctionVersion } = v.parse(Alias, each.properties());
      if (FunctionVersion !== '1' || !versioned.has(FunctionName))
        throw new UserError(
          `stack ${each.stack.name}: ${each.logicalId} stands for version ${FunctionVersion} of ${FunctionName}, which is not published.`,
        );
      return [each.physical.ref, FunctionName];
    }),
  );
};
