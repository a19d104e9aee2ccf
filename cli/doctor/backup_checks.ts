// Whether AWS Backup may back tables up as the stage's plans ask: a region's settings are the account's, and no template holds them.

import { createdResources } from '../../lib/template.ts';
import { type Aws, parsed } from '../aws/client.ts';
import { findOut } from './account_checks.ts';
import { type Finding, ok, wrong } from './finding.ts';
import type { RegionNeeds } from './needs.ts';

interface Settings {
  readonly ResourceTypeOptInPreference?: Readonly<Record<string, boolean>>;
  /** On: backups are under the vault's key, and may be copied to another region ("Advanced DynamoDB backup"; read 2026-12). */
  readonly ResourceTypeManagementPreference?: Readonly<Record<string, boolean>>;
}

export async function backupChecks(aws: Aws, { region, stacks }: RegionNeeds): Promise<Finding[]> {
  const types = stacks.flatMap(({ template }) => createdResources(template)).map(({ Type }) => Type);
  if (!types.includes('AWS::Backup::BackupPlan')) return [];
  const what = `${region}: AWS Backup`;
  return findOut(what, async () => {
    const settings = parsed(await aws.get('backup', region, '/account-settings')) as Settings;
    const optedIn = settings.ResourceTypeOptInPreference?.DynamoDB === true;
    const advanced = settings.ResourceTypeManagementPreference?.DynamoDB === true;
    if (optedIn && advanced) return ok(what, 'backs tables up, with copies');
    return wrong(
      what,
      optedIn ? 'backs tables up without copies and without the vault’s key' : 'is switched off for tables',
      `aws backup update-region-settings --region ${region} --resource-type-opt-in-preference DynamoDB=true --resource-type-management-preference DynamoDB=true`,
    );
  });
}
