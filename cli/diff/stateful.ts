// What is lost when CloudFormation replaces or deletes a resource, and which changes make it do so. A test holds the table to the
// CloudFormation reference, as the CDK CLI brings it.

import { statefulTypes } from '../../lib/evidence/stateful.ts';
import type { Resource, Template } from '../../lib/template.ts';
import { canonical } from './plain_text.ts';

interface Stateful {
  readonly holds: string;
  /** Properties whose change replaces it. */
  readonly replacedBy: readonly string[];
  /** Properties whose change is as bad, or is refused, although CloudFormation does not call it a replacement. */
  readonly also: Readonly<Record<string, string>>;
}

/** A type of which lib/evidence knows what replaces it; `also`: what of its other changes is a loss, whatever the value. */
function recorded(type: string, holds: string, also: readonly string[] = []): Record<string, Stateful> {
  const { replacedBy = [], loses = {} } = statefulTypes[type] ?? {};
  return {
    [type]: { holds, replacedBy, also: Object.fromEntries(also.map((name) => [name, loses[name] ?? 'it is lost'])) },
  };
}

/** What others outside of the stage hold on to. */
const reliedUpon = (type: string, holds: string, ...replacedBy: string[]): Record<string, Stateful> => ({
  [type]: { holds, replacedBy, also: {} },
});

export const stateful: Readonly<Record<string, Stateful>> = {
  ...recorded('AWS::DynamoDB::GlobalTable', 'its rows', ['MultiRegionConsistency']),
  ...recorded('AWS::KMS::Key', 'what opens all that it has encrypted', [
    'MultiRegion',
    'KeySpec',
    'KeyUsage',
    'Origin',
  ]),
  ...recorded('AWS::KMS::ReplicaKey', 'what opens all that was encrypted in its region'),
  ...recorded('AWS::SecretsManager::Secret', 'its value', ['GenerateSecretString', 'SecretString']),
  ...recorded('AWS::S3::Bucket', 'its objects'),
  ...recorded('AWS::SQS::Queue', 'its messages'),
  ...recorded('AWS::Logs::LogGroup', 'its logs'),
  ...recorded('AWS::EC2::EIP', 'an address that others have on their lists', ['PublicIpv4Pool']),
  ...recorded('AWS::Backup::BackupVault', 'its backups'),
  ...reliedUpon('AWS::Events::EventBus', 'the rules that others put on it', 'Name', 'EventSourceName'),
  ...reliedUpon('AWS::SNS::Topic', 'its confirmed subscriptions', 'TopicName', 'FifoTopic'),
  ...reliedUpon('AWS::ApiGateway::RestApi', 'the address of the API'),
  ...reliedUpon('AWS::ApiGateway::DomainName', 'the target that DNS points to', 'DomainName'),
  ...reliedUpon('AWS::ApiGateway::ApiKey', 'a key that callers share', 'Name', 'Value', 'GenerateDistinctId'),
  ...reliedUpon('AWS::ApiGateway::UsagePlan', 'the keys that tenants were given'),
};

export interface Loss {
  readonly resource: string;
  readonly type: string;
  readonly says: string;
}

type Resources = Readonly<Record<string, Resource>>;

const regionsOf = ({ Properties }: Resource): string[] =>
  (Properties?.Replicas ?? []).map(({ Region }: { readonly Region?: string }) => String(Region));

/** Why an update of one resource loses what it holds; empty: it does not. */
function reasons(before: Resource, after: Resource): string[] {
  const row = stateful[before.Type];
  if (row === undefined) return [];
  if (before.Type !== after.Type) return [`its type becomes ${after.Type}: it is deleted, and ${row.holds} with it`];
  const changed = (property: string): boolean =>
    canonical(before.Properties?.[property]) !== canonical(after.Properties?.[property]);
  const gone = regionsOf(before).filter((region) => !regionsOf(after).includes(region));
  return [
    ...row.replacedBy.filter(changed).map((property) => `${property} changes: it is replaced, and loses ${row.holds}`),
    ...Object.entries(row.also)
      .filter(([property]) => changed(property))
      .map(([property, why]) => `${property} changes: ${why}`),
    ...gone.map((region) => `its replica in ${region} is deleted`),
  ];
}

const fate = ({ DeletionPolicy }: Resource, holds: string): string =>
  DeletionPolicy === undefined || DeletionPolicy === 'Delete'
    ? `is no longer in the template: it is deleted, and ${holds} with it`
    : 'is no longer in the template: it stays behind in AWS, and nothing here knows it any more';

/** What an update of one stack loses. */
export function lossesOf(before: Template, after: Template): Loss[] {
  const [old, fresh]: [Resources, Resources] = [before.Resources ?? {}, after.Resources ?? {}];
  return Object.entries(old).flatMap(([resource, was]) => {
    const is = fresh[resource];
    const row = stateful[was.Type];
    if (row === undefined) return [];
    const says = is === undefined ? [fate(was, row.holds)] : reasons(was, is);
    return says.map((each) => ({ resource, type: was.Type, says: each }));
  });
}
