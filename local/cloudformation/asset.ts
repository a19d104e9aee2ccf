// Finds the code of a function: the folder in the cloud assembly that its S3 key names.

import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { UserError } from '../host/user_error.ts';
import type { Resource } from './deployment.ts';

const Code = v.object({ S3Key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}\.zip$/)) });

export const codeFolder = (resource: Resource): string => {
  const parsed = v.safeParse(Code, resource.properties().Code);
  const folder = parsed.success ? resource.stack.assets.get(parsed.output.S3Key.slice(0, 64)) : undefined;
  if (folder === undefined || !existsSync(folder)) {
    throw new UserError(
      `stack ${resource.stack.name}: the code of ${resource.logicalId} is not in the cloud assembly.`,
    );
  }
  return folder;
};
