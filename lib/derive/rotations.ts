// When Secrets Manager rotates the platform secrets, and with which function. The permission for one secret does not serve
// another; the schedules are in the function's stack, because the secrets outlive it.

import { aws_lambda as lambda, type Stack, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { platformSecrets } from '../../contract/kernel/kms_keys.ts';
import type { TriggeredFunction, TriggerOf } from './trigger.ts';

export function addRotations(
  stack: Stack,
  { arns, name, target }: Pick<TriggeredFunction, 'arns' | 'name' | 'target'>,
  { secrets }: TriggerOf<'rotation'>,
): void {
  for (const secret of secrets) {
    const allowed = new lambda.CfnPermission(stack, `${name}-for-${secret}`, {
      action: 'lambda:InvokeFunction',
      functionName: target.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: stack.account,
      // With it Secrets Manager may call for this secret alone (user guide, "Permissions for rotation", read 2026-11).
      sourceArn: arns.secrets[secret],
    });
    const schedule = new secretsmanager.CfnRotationSchedule(stack, `${name}-schedule-${secret}`, {
      secretId: arns.secrets[secret],
      rotationLambdaArn: target.functionArn,
      rotationRules: { automaticallyAfterDays: platformSecrets[secret].rotationDays },
      // At once: until a rotation has run, nobody knows whether it works.
      rotateImmediatelyOnUpdate: true,
    });
    // Secrets Manager invokes the function when the schedule is made.
    schedule.addResourceDependency(allowed);
  }
}
