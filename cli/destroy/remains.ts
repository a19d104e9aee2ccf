// What is still in AWS when the stacks of a stage are gone.

import type { DeployedStack } from './locks.ts';

const nameIn = (properties: Readonly<Record<string, unknown>> | undefined, id: string): string => {
  const named = ['TableName', 'BucketName', 'LogGroupName', 'QueueName', 'BackupVaultName', 'RoleName', 'Name'];
  const found = named.map((name) => properties?.[name]).find((name) => typeof name === 'string');
  return typeof found === 'string' ? found : id;
};

/** Keys are deleted late, so that a mistake can be taken back. */
function keyRemains(stacks: readonly DeployedStack[], now: Date): string[] {
  const windows = stacks.flatMap(({ template }) =>
    Object.values(template.Resources ?? {})
      .filter(
        ({ Type, DeletionPolicy }) =>
          /^AWS::KMS::(Key|ReplicaKey)$/.test(Type) && !DeletionPolicy?.startsWith('Retain'),
      )
      .map(({ Properties }) => Number(Properties?.PendingWindowInDays ?? 30)),
  );
  if (windows.length === 0) return [];
  const days = Math.max(...windows);
  const until = new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return [
    `${windows.length} KMS keys wait ${days} days to be deleted, until ${until}: aws kms cancel-key-deletion takes it back`,
  ];
}

export function remainsOf(stacks: readonly DeployedStack[], now: Date): string[] {
  const retained = stacks.flatMap(({ id, template }) =>
    Object.entries(template.Resources ?? {})
      // A resource that is only retained where an update or a deletion would take it is retained here.
      .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
      .map(([logical, { Type, Properties }]) => `${Type} ${nameIn(Properties, logical)} of ${id}`),
  );
  return [
    ...retained,
    ...keyRemains(stacks, now),
    'what the account has once for all stages (strongroom-account), and the CDK’s bootstrap (CDKToolkit)',
  ];
}
