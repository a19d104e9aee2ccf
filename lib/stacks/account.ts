// What an account has once in each region, whatever number of stages and zones it holds: the role under which API Gateway writes
// logs, and who may deliver the logs of web ACLs. No stage owns it: it is deployed before all of them, and stays when they go.

import {
  ArnFormat,
  Aspects,
  aws_apigateway as apigateway,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { wafLogGroupPrefix } from '../derive/names.ts';
import { shared, Tagging } from '../derive/tags.ts';

export class AccountStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { ...props, description: 'Strongroom: what its stages share in this account and region' });
    Aspects.of(this).add(new Tagging(shared, shared));
    // In a scope of its own, so that rules find it as `account/…`, whatever the stack is called.
    const within = new Construct(this, 'account');
    const delivery = this.#addDelivery(within);
    const account = this.#addLogging(within);
    // Last, because it cannot be taken back: what the account had before is not known.
    account.node.addDependency(delivery);
  }

  /** One policy for the web ACLs of all stages: an account may have ten in a region (CloudWatch Logs quotas, read 2026-12-01). */
  #addDelivery(scope: Construct): logs.CfnResourcePolicy {
    // Otherwise WAF writes one that names no account.
    return new logs.CfnResourcePolicy(scope, 'waf-logs-delivery', {
      policyName: wafLogGroupPrefix,
      policyDocument: this.toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Deliver',
            Effect: 'Allow',
            Principal: { Service: 'delivery.logs.amazonaws.com' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: this.formatArn({
              service: 'logs',
              resource: 'log-group',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              resourceName: `${wafLogGroupPrefix}*:*`,
            }),
            Condition: {
              StringEquals: { 'aws:SourceAccount': this.account },
              ArnLike: { 'aws:SourceArn': this.formatArn({ service: 'logs', resource: '*' }) },
            },
          },
        ],
      }),
    });
  }

  /**
   * One setting of the account in the region: every API there writes its logs under this role. A role that the account had before
   * is replaced by one that may do the same.
   */
  #addLogging(scope: Construct): apigateway.CfnAccount {
    const role = new iam.Role(scope, 'gateway-logs-role', {
      description: 'API Gateway writes its access logs under this role',
      assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      inlinePolicies: {
        logs: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              sid: 'WriteLogs',
              // What AmazonAPIGatewayPushToCloudWatchLogs holds: API Gateway refuses an account's role that has less.
              actions: [
                'CreateLogGroup',
                'CreateLogStream',
                'DescribeLogGroups',
                'DescribeLogStreams',
                'PutLogEvents',
                'GetLogEvents',
                'FilterLogEvents',
              ].map((verb) => `logs:${verb}`),
              // The setting is the account's: it serves every API of the region, and DescribeLogGroups has no finer resource.
              resources: ['*'],
            }),
          ],
        }),
      },
    });
    const account = new apigateway.CfnAccount(scope, 'gateway-account', { cloudWatchRoleArn: role.roleArn });
    // Deleted with the stack, they would take the logs of every API of the account along.
    role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    account.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return account;
  }
}
