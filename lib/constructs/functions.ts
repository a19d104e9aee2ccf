// One Lambda function per row of contract/<capability>/functions.ts, with a role of its own that may do what the row says, a
// log group of its own, and its trigger. No role is shared and no managed policy of AWS is attached.

import {
  Duration,
  aws_iam as iam,
  type aws_kms as kms,
  aws_lambda as lambda,
  RemovalPolicy,
  Size,
  type Stack,
} from 'aws-cdk-lib';
import type { FunctionName, FunctionRow } from '../../contract/capabilities.ts';
import { bundleFolder } from '../bundle.ts';
import { concurrencyOf } from '../derive/concurrency.ts';
import { type EnvironmentSource, environmentOf } from '../derive/environment.ts';
import { type FunctionStack, functionsIn } from '../derive/function_stack.ts';
import { statementsOf } from '../derive/iam.ts';
import { functionName, roleName } from '../derive/names.ts';
import { type NetworkTier, networkTierOf } from '../derive/network.ts';
import { addTriggers } from '../derive/triggers.ts';
import type { AddressParameters } from './address_parameters.ts';
import { addDeployments } from './live_alias.ts';
import { addLogGroup } from './log_group.ts';

/** What a function's VPC attachment is made of. */
export interface Attachment {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

export interface FunctionsProps extends EnvironmentSource {
  readonly key: kms.IKey;
  /** Absent: functions stand in no VPC. */
  readonly attachments: Attachments | undefined;
  /** Of the stack's parameters, by the text that stands for them. */
  readonly defaults: AddressParameters['defaults'];
}

export type Attachments = Readonly<Record<NetworkTier, Attachment>>;

/** Ids of each function's event source mappings. */
export type Mappings = Readonly<Partial<Record<FunctionName, readonly string[]>>>;

export function addFunctions(stack: Stack, kind: FunctionStack, props: FunctionsProps): Mappings {
  const mappings: Partial<Record<FunctionName, readonly string[]>> = {};
  const addLiveAlias = addDeployments(stack, kind, props.deployment);
  for (const [name, row] of functionsIn(kind)) {
    const target = addFunction(stack, name, row, props);
    if (props.attachments !== undefined) attach(target, props.attachments[networkTierOf(row)]);
    mappings[name] = addTriggers(stack, { ...props, name, row, target });
    addLiveAlias(name, target);
  }
  return mappings;
}

function addFunction(stack: Stack, name: FunctionName, row: FunctionRow, props: FunctionsProps): lambda.Function {
  const role = new iam.Role(stack, `${name}-role`, {
    roleName: roleName(props.deployment, name),
    description: `Strongroom ${name}: ${row.purpose}`,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      row: new iam.PolicyDocument({
        statements: statementsOf({ ...props, stack }, name, row),
        // As written: one statement per grant, so that the policy reads like the row.
        minimize: false,
      }),
    },
  });
  const reserved = concurrencyOf(props.deployment, row);
  const environment = environmentOf(stack, props, row);
  const target = new lambda.Function(stack, name, {
    functionName: functionName(props.deployment, name),
    description: row.purpose,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(bundleFolder(name)),
    handler: 'index.handler',
    memorySize: row.memoryMiB,
    ephemeralStorageSize: Size.mebibytes(512),
    timeout: Duration.millis(row.timeoutMs),
    // Its policy is complete: nothing may add to it.
    role: role.withoutPolicyUpdates(),
    environment,
    environmentEncryption: props.key,
    logGroup: addLogGroup(stack, `${name}-logs`, { ...props, name }),
    tracing: lambda.Tracing.DISABLED,
    ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    currentVersionOptions: { removalPolicy: RemovalPolicy.DESTROY },
  });
  // What a parameter stands for is in no property of the function, and a published version keeps what it was made with. Only what the
  // function has: Lambda refuses to publish a version that is like the one before.
  const given = Object.values(environment).flatMap((value) => props.defaults.get(value) ?? []);
  target.invalidateVersionBasedOn(JSON.stringify(given));
  return target;
}

/** Its subnets and security group. CDK's own property would attach a managed policy of AWS to the role. */
function attach(target: lambda.Function, { subnetIds, securityGroupId }: Attachment): void {
  (target.node.defaultChild as lambda.CfnFunction).vpcConfig = {
    subnetIds: [...subnetIds],
    securityGroupIds: [securityGroupId],
  };
}
