// The runtime on a cloud of its own, without the API Gateway, for tests of one part of the product.

import type { Context } from 'aws-lambda';
import type { TableName } from '../../../contract/capabilities.ts';
import type { Fields, Message } from '../../../lambdas/kernel/platform/log.ts';
import type { Platform } from '../../../lambdas/kernel/platform/platform.ts';

export interface Line {
  readonly message: Message;
  readonly fields: Fields;
}

export interface RuntimeFixture {
  readonly platform: Platform;
  readonly provider: string;
  readonly lines: Line[];
  /** All records of a table's stream so far, as DynamoDB Streams hands them over. */
  records(table: TableName): Promise<unknown[]>;
  /** What was put onto the zone's bus. */
  readonly published: readonly { readonly DetailType?: string; readonly Detail?: string }[];
  /** Moves the platform's clock; everything else keeps its own. */
  advance(ms: number): void;
  stop(): Promise<void>;
}

/** DynamoDB's two services, as its wire names them. */
export const services = { tables: 'DynamoDB_20120810', streams: 'DynamoDBStreams_20120810' } as const;

type Ask = (service: keyof typeof services, operation: string, input: object) => unknown;

/** All records of a table's stream, page by page, whoever answers, with the stream's ARN as Lambda adds it. */
export async function streamOf(table: TableName, ask: Ask): Promise<unknown[]> {
  const { Table } = (await ask('tables', 'DescribeTable', { TableName: table })) as {
    Table: { LatestStreamArn: string };
  };
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = (await ask('streams', 'DescribeStream', { StreamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  const all: unknown[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const from = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = (await ask('streams', 'GetShardIterator', from)) as { ShardIterator?: string };
    for (let pages = 0; ShardIterator !== undefined && pages < 100; pages += 1) {
      const page = (await ask('streams', 'GetRecords', { ShardIterator })) as {
        Records: object[];
        NextShardIterator?: string;
      };
      if (page.Records.length === 0) break;
      all.push(...page.Records.map((record) => ({ ...record, eventSourceARN: StreamArn })));
      ShardIterator = page.NextShardIterator;
    }
  }
  return all;
}

/** Enough of Lambda's context. */
export const lambdaContext = { awsRequestId: 'req-1', getRemainingTimeInMillis: () => 55_000 } as Context;
