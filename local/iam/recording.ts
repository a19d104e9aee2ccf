// What the roles of a running zone ask for, one line for each access that differs in a way that a policy could see. Lines
// are written at once, so that a `kill -9` loses none. Their reader decides each access again, with another evaluator.

import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { Access } from '../endpoint/access.ts';
import { representatives } from './condition_classes.ts';
import { type Actor, deployerArn, type ZonePolicies } from './policies.ts';

/** One line of a recording. */
export const RecordedAccess = v.strictObject({
  /** ARN of the role. */
  role: v.string(),
  /** `code`: with the credentials of the function's own code; `aws`: AWS itself, in the role's name. */
  by: v.picklist(['code', 'aws']),
  action: v.string(),
  resource: v.string(),
  /** The condition keys that the evaluator could see, with one value for all that no policy distinguishes. */
  keys: v.record(v.string(), v.array(v.string())),
  inVpc: v.boolean(),
});
export type RecordedAccess = v.InferOutput<typeof RecordedAccess>;

export interface Recording {
  /** The same policies, whose every question by a role is written down. */
  record(policies: ZonePolicies, deployment: Deployment): ZonePolicies;
}

const sortedUnique = (values: readonly string[]): string[] => [...new Set(values)].sort();

export const openRecording = (path: string): Recording => {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a', 0o600);
  const written = new Set<string>();

  return {
    record(policies, deployment) {
      const representative = representatives(deployment);
      const deployer = deployerArn(deployment.account);

      const line = (role: string, actor: Actor, { action, resource, conditionKeys, byService }: Access): string => {
        const names = sortedUnique([...Object.keys(actor.keys), ...Object.keys(conditionKeys)]);
        const keys = names.flatMap((name): [string, string[]][] => {
          const values = actor.keys[name] ?? conditionKeys[name];
          if (values === undefined) return [];
          return [[name, sortedUnique(values.map((value) => representative(name, value)))]];
        });
        const isCode = byService !== true && actor.keys['lambda:SourceFunctionArn'] !== undefined;
        const inVpc = actor.inVpc === true;
        return JSON.stringify({
          role,
          by: isCode ? 'code' : 'aws',
          action,
          resource,
          keys: Object.fromEntries(keys),
          inVpc,
        } satisfies RecordedAccess);
      };

      return {
        refusal(actor, access) {
          const { asker } = actor;
          if (asker.kind === 'role' && asker.arn !== deployer) {
            const text = line(asker.arn, actor, access);
            if (!written.has(text)) {
              written.add(text);
              writeSync(file, `${text}\n`);
            }
          }
          return policies.refusal(actor, access);
        },
      };
    },
  };
};
