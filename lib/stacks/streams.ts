// The streams of tables in one region. CloudFormation knows a table's stream in the region of its stack alone (coverage roadmap
// #1988, open; read 2026-12-01), so in the second region a small function of this stack asks DynamoDB for those of the replicas.

import { CustomResource, Duration, type aws_kms as kms, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type TableName, tables } from '../../contract/capabilities.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { addStreamFinder, streamResourceType } from '../constructs/stream_finder.ts';
import { tableName, type ZoneDeployment } from '../derive/names.ts';

/** The stack that is deployed before whatever reads streams. */
export interface StreamsStack extends Stack {
  /** Stream ARN of every table that has a stream. */
  readonly streams: Readonly<Record<string, string>>;
}

export interface ReplicaStreamsProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  /** The replicas are part of it. */
  readonly tables: Stack;
}

/** How long a deployment waits for the function before it fails: by itself it would wait for an hour. */
const answerWithin = Duration.minutes(5);

export class ReplicaStreamsStack extends Stack implements StreamsStack {
  readonly streams: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { deployment, key, tables: owner, ...props }: ReplicaStreamsProps) {
    super(scope, id, props);
    const streaming = (Object.entries(tables) as [TableName, Table][]).filter(([, { stream }]) => stream);
    const names = streaming.map(([name]) => tableName(deployment, name));
    const finder = addStreamFinder(this, { deployment, key, tableNames: names });
    this.streams = Object.fromEntries(
      streaming.map(([name]) => [
        name,
        new CustomResource(this, `stream-${name}`, {
          resourceType: streamResourceType,
          serviceToken: finder.functionArn,
          serviceTimeout: answerWithin,
          properties: { TableName: tableName(deployment, name) },
        }).getAttString('StreamArn'),
      ]),
    );
    // Replicas are referred to by name, which gives CloudFormation no order.
    this.addStackDependency(owner);
  }
}
