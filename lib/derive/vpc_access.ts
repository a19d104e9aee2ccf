// What Lambda needs of a function's role to attach it to the zone's network, and the denial of it to the function's own code.

import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import type { FunctionName } from '../../contract/capabilities.ts';
import { functionArn, type ZoneDeployment } from './names.ts';

const changing = [
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
];
const describing = ['DescribeNetworkInterfaces', 'DescribeSubnets'];

const ec2 = (verbs: readonly string[]): string[] => verbs.map((verb) => `ec2:${verb}`);

/**
 * EC2 has no finer resource for describing; for the rest Lambda asks for every resource of the account (Lambda developer
 * guide, "Giving Lambda functions access to resources in an Amazon VPC", read 2026-11).
 */
export const vpcStatements = (stack: Stack, deployment: ZoneDeployment, name: FunctionName): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'AttachToVpc',
    actions: ec2(changing),
    resources: [stack.formatArn({ service: 'ec2', resource: '*', resourceName: '*' })],
  }),
  new iam.PolicyStatement({ sid: 'SeeVpc', actions: ec2(describing), resources: ['*'] }),
  new iam.PolicyStatement({
    sid: 'NotByItsOwnCode',
    effect: iam.Effect.DENY,
    actions: ec2([...changing, ...describing]),
    resources: ['*'],
    conditions: {
      // Calls with the function's own credentials have it; Lambda's own calls don't. AWS shows it without a version, and doesn't say
      // that it never has one (Lambda developer guide, "Working with Lambda execution environment credentials").
      ArnLike: {
        'lambda:SourceFunctionArn': ['', ':*'].map((version) => `${functionArn(stack, deployment, name)}${version}`),
      },
    },
  }),
];
