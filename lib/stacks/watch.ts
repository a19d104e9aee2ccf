// The monitoring of a zone: alarms on everything that users would notice, who is notified, and a dashboard. It changes
// nothing that it monitors, and can be destroyed and made again.

import {
  ArnFormat,
  aws_iam as iam,
  aws_kms as kms,
  aws_logs as logs,
  Stack,
  type StackProps,
  aws_sns as sns,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { addAlarms } from '../constructs/alarms.ts';
import { addDashboard } from '../constructs/dashboard.ts';
import { alarmsOf } from '../derive/alarms.ts';
import { countsReadBy, followedCounts } from '../derive/log_counts.ts';
import { alarmName, logGroupName, logMetricsNamespace, topicName, type ZoneDeployment } from '../derive/names.ts';
import type { ApiStack } from './api.ts';
import type { FunctionsStack } from './functions.ts';

export interface WatchProps extends StackProps {
  readonly config: Config;
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly functions: FunctionsStack;
  readonly api: ApiStack;
}

export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, { config, deployment, key, functions, api, ...props }: WatchProps) {
    super(scope, id, props);
    const topic = this.#addTopic(deployment, key, config.contacts.operations);
    const alarms = alarmsOf({ deployment, mappings: { ...functions.mappings, ...api.mappings } });
    const followed = deployment.otherRegion === undefined ? new Set() : followedCounts(alarms);
    for (const count of countsReadBy(deployment, alarms)) {
      new logs.CfnMetricFilter(this, `count-${count.message}-of-${count.function}`, {
        logGroupName: logGroupName(deployment, count.function),
        filterPattern: `{ $.message = "${count.message}" }`,
        metricTransformations: [
          {
            metricNamespace: logMetricsNamespace(deployment),
            metricName: count.message,
            // Without a default value a metric costs in the hours in which something is counted, and in no others. But where Route 53
            // looks at the metric, nothing must not mean that nothing is known.
            metricValue: '1',
            ...(followed.has(count.message) && { defaultValue: 0 }),
            unit: 'Count',
          },
        ],
      });
    }
    addAlarms(this, { deployment, alarms, topicArn: topic.topicArn });
    addDashboard(this, {
      deployment,
      alarmArns: alarms.map(({ name }) =>
        this.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: alarmName(deployment, name),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    });
    // Functions and their logs are referred to by name, which gives CloudFormation no order.
    this.addStackDependency(functions);
    this.addStackDependency(api);
  }

  /** Who is notified. The subscription has to be confirmed from the mailbox. */
  #addTopic(deployment: ZoneDeployment, key: kms.IKey, mailbox: string): sns.Topic {
    const topic = new sns.Topic(this, 'operations', {
      topicName: topicName(deployment),
      displayName: `Strongroom ${deployment.stage} ${deployment.zone}`,
      // By its ARN: the key's policy is complete, and CDK must not add to it.
      masterKey: kms.Key.fromKeyArn(this, 'sealing', key.keyArn),
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Alarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.account },
          ArnLike: {
            'aws:SourceArn': this.formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: alarmName(deployment, '*'),
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
    new sns.Subscription(this, 'mailbox', { topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: mailbox });
    return topic;
  }
}
