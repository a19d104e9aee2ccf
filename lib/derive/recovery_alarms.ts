// Alarms on backups, copies and restore tests: one that failed, and a day without any that succeeded. AWS Backup reports a failure as
// best it can, so silence counts as one.

import { type Alarm, above, once } from './alarm.ts';
import { hasBackups } from './backup_access.ts';
import { type RecoveryEnding, recoveryRuleName, type ZoneDeployment } from './names.ts';

const ended = (deployment: ZoneDeployment, ending: RecoveryEnding) => ({
  namespace: 'AWS/Events',
  name: 'TriggeredRules',
  dimensions: { RuleName: recoveryRuleName(deployment, ending) },
  statistic: 'Sum' as const,
});

const dayMinutes = 24 * 60;

export const recoveryAlarms = (deployment: ZoneDeployment): Alarm[] =>
  hasBackups(deployment) && deployment.position === 'home'
    ? [
        {
          name: 'backup-failing',
          impact:
            'users notice nothing; what is lost now could be restored to the last 35 days by point-in-time recovery alone',
          when: 'a backup of a table, its copy to the second region, or a restore, test or not, failed',
          parts: [{ metrics: { failed: ended(deployment, 'failed') }, ...once, ...above(0) }],
          combine: 'any',
        },
        {
          name: 'backup-missing',
          impact:
            'users notice nothing; what is lost now could be restored to the last 35 days by point-in-time recovery alone',
          when: 'no backup was completed for 2 days',
          parts: [
            {
              metrics: { completed: ended(deployment, 'completed') },
              periodMinutes: dayMinutes,
              periods: 2,
              comparison: 'below',
              threshold: 1,
              treatMissingData: 'breaching',
            },
          ],
          combine: 'any',
        },
      ]
    : [];
