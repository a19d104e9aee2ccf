// Calls of DynamoDB that a restore makes, as data: `plan` prints them as commands of AWS's own CLI, `run` sends them.

import {
  DescribeTableCommand,
  type DescribeTableCommandInput,
  type DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  type RestoreTableToPointInTimeCommandInput,
  UpdateContinuousBackupsCommand,
  type UpdateContinuousBackupsCommandInput,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
  type UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb';

export type Operation =
  | { readonly call: 'RestoreTableToPointInTime'; readonly input: RestoreTableToPointInTimeCommandInput }
  | { readonly call: 'UpdateTimeToLive'; readonly input: UpdateTimeToLiveCommandInput }
  | { readonly call: 'UpdateContinuousBackups'; readonly input: UpdateContinuousBackupsCommandInput }
  | { readonly call: 'UpdateTable'; readonly input: UpdateTableCommandInput }
  /** Until the table is there. */
  | { readonly call: 'WaitTableExists'; readonly input: DescribeTableCommandInput };

export function send(client: DynamoDBClient, { call, input }: Operation): Promise<object> {
  switch (call) {
    case 'RestoreTableToPointInTime':
      return client.send(new RestoreTableToPointInTimeCommand(input));
    case 'UpdateTimeToLive':
      return client.send(new UpdateTimeToLiveCommand(input));
    case 'UpdateContinuousBackups':
      return client.send(new UpdateContinuousBackupsCommand(input));
    case 'UpdateTable':
      return client.send(new UpdateTableCommand(input));
    case 'WaitTableExists':
      return client.send(new DescribeTableCommand(input));
  }
}

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const isFlat = (value: object): boolean => Object.values(value).every((each) => typeof each !== 'object');

function valueText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value) && isFlat(value))
    return Object.entries(value)
      .map(([name, each]) => `${name}=${each}`)
      .join();
  return `'${JSON.stringify(value)}'`;
}

/** As AWS's CLI is told it. */
export function commandText({ call, input }: Operation, region: string): string {
  const verb = call === 'WaitTableExists' ? 'wait table-exists' : kebab(call);
  const options = Object.entries(input).map(([name, value]) =>
    value === true ? `--${kebab(name)}` : `--${kebab(name)} ${valueText(value)}`,
  );
  return ['aws dynamodb', verb, ...options, `--region ${region}`].join(' ');
}
