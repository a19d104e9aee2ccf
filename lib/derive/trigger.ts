// A function, and what its trigger is made from.

import type { aws_lambda as lambda } from 'aws-cdk-lib';
import type { FunctionName, FunctionRow, Trigger } from '../../contract/capabilities.ts';
import type { ZoneDeployment } from './names.ts';
import type { Arns } from './scope.ts';

export type TriggerOf<Kind extends Trigger['kind']> = Extract<Trigger, { readonly kind: Kind }>;

export interface TriggeredFunction {
  readonly deployment: ZoneDeployment;
  readonly arns: Arns;
  readonly name: FunctionName;
  readonly row: FunctionRow;
  readonly target: lambda.Function;
}
