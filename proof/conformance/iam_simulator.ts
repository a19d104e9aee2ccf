// An evaluator of IAM policies that is not ours, asked in our words. It is test equipment: the product never imports it.

import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Case, Document } from './iam_cases.ts';

export const account = '000000000000';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly document: Document;
}

/** Policies beside the role's own. */
export interface Others {
  readonly resource?: Document | undefined;
  readonly endpoint?: Document | undefined;
}

const lists = ['dynamodb:Attributes', 'dynamodb:LeadingKeys'];
const single = (key: string, values: readonly string[]): string | string[] =>
  lists.includes(key) ? [...values] : (values[0] ?? '');

/** It knows no such resource of the action, or several that one ARN could be: an alias and a version of a function. */
const undecidable = ['no.resource.types', 'must.use.wildcard', 'multiple.resource.types'];

/** undefined: it cannot decide. */
export async function simulated(role: Role, one: Case, others: Others = {}): Promise<boolean | undefined> {
  const result = await runSimulation(
    {
      request: {
        principal: `${role.arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`,
        action: one.action,
        resource: { resource: one.resource, accountId: account },
        contextVariables: Object.fromEntries(
          Object.entries(one.keys).map(([key, values]) => [key, single(key, values)]),
        ),
      },
      identityPolicies: [{ name: role.name, policy: role.document }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: others.resource,
      ...(others.endpoint && { vpcEndpointPolicies: [{ name: 'endpoint', policy: others.endpoint }] }),
    },
    {},
  );
  if (result.resultType === 'error') {
    const { message } = result.errors;
    if (undecidable.includes(message)) return undefined;
    throw new Error(`${message}: ${JSON.stringify(one)} ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}
