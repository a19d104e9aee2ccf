// One Lambda function per row of contract/functions.ts, with a role of its own that may do what the row says, a log group
// of its own, and what starts it. No role is shared and no policy of AWS's making is attached.

import { Duration, aws_iam as iam, type aws_kms as kms, aws_lambda as lambda, Size, type Stack } from 'aws-cdk-lib';
import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import { bundleFolder } from '../bundle.ts';
import { concurrencyOf } from '../derive/concurrency.ts';
import { type Deployed, environmentOf } from '../derive/environment.ts';
import { statementsOf } from '../derive/iam.ts';
import { functionName, roleName } from '../derive/names.ts';
import { type NetworkTier, reachOf } from '../derive/network.ts';
import { addTriggers } from '../derive/triggers.ts';
import type { Attachment } from '../stacks/network.ts';
import { addLogGroup, retention } from './log_group.ts';

export interface FunctionsProps extends Deployed {
  readonly key: kms.IKey;
  readonly attachments: Readonly<Record<NetworkTier, Attachment>>;
  /** Told the ids of a function's event source mappings. */
  readonly mapped: (name: FunctionName, mappings: readonly string[]) => void;
}

export type Functions = Readonly<Record<FunctionName, lambda.Function>>;

export function addFunctions(stack: Stack, props: FunctionsProps): Functions {
  const made: Partial<Record<FunctionName, lambda.Function>> = {};
  for (const [name, row] of Object.entries(functions) as [FunctionName, FunctionRow][]) {
    const role = new iam.Role(stack, `${name}-role`, {
      roleName: roleName(props.place, name),
      description: `Strongroom ${name}: ${row.purpose}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        row: new iam.PolicyDocument({
          statements: statementsOf({ stack, place: props.place, arns: props.arns }, name, row),
          // As written: one statement per grant, so that the policy reads like the row.
          minimize: false,
        }),
      },
    });
    const reserved = concurrencyOf(props.place, name);
    made[name] = new lambda.Function(stack, name, {
      functionName: functionName(props.place, name),
      description: row.purpose,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(bundleFolder(name)),
      handler: 'index.handler',
      memorySize: row.memoryMiB,
      ephemeralStorageSize: Size.mebibytes(512),
      timeout: Duration.millis(row.timeoutMs),
      // Its policy is whole as it stands: nothing may add to it.
      role: role.withoutPolicyUpdates(),
      environment: environmentOf(props, row),
      environmentEncryption: props.key,
      logGroup: addLogGroup(stack, `${name}-logs`, { ...props, name, keep: retention.functions }),
      tracing: lambda.Tracing.DISABLED,
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    });
    attach(made[name], props.attachments[reachOf(name, row)]);
    props.mapped(name, addTriggers(stack, { ...props, name, row, target: made[name] }));
  }
  return made as Functions;
}

/** Where it stands in the zone's network. CDK's own property would add a policy of AWS's making to the role. */
function attach(target: lambda.Function, { subnetIds, securityGroupId }: Attachment): void {
  (target.node.defaultChild as lambda.CfnFunction).vpcConfig = {
    subnetIds: [...subnetIds],
    securityGroupIds: [securityGroupId],
  };
}
