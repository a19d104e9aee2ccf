// When Secrets Manager asks for new versions of the platform secrets, and of whom. Each secret may have its own rotated and
// no other's; the schedules stand beside the function, because the secrets outlive it.

import { aws_lambda as lambda, type Stack, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { platformSecrets } from '../../contract/kernel/kms_keys.ts';
import type { Of, Triggered } from './triggers.ts';

export function addRotations(
  stack: Stack,
  { arns, name, target }: Pick<Triggered, 'arns' | 'name' | 'target'>,
  { secrets }: Of<'rotation'>,
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
      // At once: a rotation that was never run is one of which nobody knows whether it can.
      rotateImmediatelyOnUpdate: true,
    });
    // Secrets Manager tries the function when it is told of it.
    schedule.addResourceDependency(allowed);
  }
}
