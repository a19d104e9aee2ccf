// What watches a zone: alarms on everything that users would notice, who is told, and one page to look at. It changes
// nothing that it watches, and can be destroyed and made again.

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
import { countedIn, logCounts } from '../derive/log_counts.ts';
import { alarmName, logMetricsNamespace, topicName, type ZoneDeployment } from '../derive/names.ts';
import type { ApiStack } from './api.ts';

export interface WatchProps extends StackProps {
  readonly config: Config;
  readonly place: ZoneDeployment;
  readonly key: kms.IKey;
  readonly api: ApiStack;
}

export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, { config, place, key, api, ...props }: WatchProps) {
    super(scope, id, props);
    const topic = this.#addTopic(place, key, config.contacts.operations);
    for (const count of logCounts) {
      new logs.CfnMetricFilter(this, `count-${count.message}-of-${count.function}`, {
        logGroupName: countedIn(place, count),
        filterPattern: `{ $.message = "${count.message}" }`,
        metricTransformations: [
          {
            metricNamespace: logMetricsNamespace(place),
            metricName: count.message,
            metricValue: '1',
            defaultValue: 0,
            unit: 'Count',
          },
        ],
      });
    }
    const alarms = alarmsOf({ place, mappings: api.mappings });
    addAlarms(this, { place, alarms, topicArn: topic.topicArn });
    addDashboard(this, {
      place,
      alarmArns: alarms.map(({ name }) =>
        this.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: alarmName(place, name),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    });
    // Functions and their logs are referred to by name, which tells CloudFormation no order.
    this.addStackDependency(api);
  }

  /** Who is told. The subscription has to be confirmed from the mailbox. */
  #addTopic(place: ZoneDeployment, key: kms.IKey, mailbox: string): sns.Topic {
    const topic = new sns.Topic(this, 'operations', {
      topicName: topicName(place),
      displayName: `Strongroom ${place.stage} ${place.zone}`,
      // By its ARN: the key's policy is whole as it stands.
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
              resourceName: alarmName(place, '*'),
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
