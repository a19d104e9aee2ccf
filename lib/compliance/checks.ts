// The compliance packs that every synthesis runs, in their order. A finding without an exception, an exception that has
// expired or matches no finding, and a type of resource that no rule of ours reads fail the synthesis (promise HST-2).

import { type App, Validations } from 'aws-cdk-lib';
import type { ZoneStage } from '../stages/zone.ts';
import { ExceptionAudit } from './exception_audit.ts';
import { ExceptionMatcher } from './exception_matcher.ts';
import { type Exception, exceptions } from './exceptions.ts';
import { PackAdapter } from './pack_adapter.ts';
import { publishedPacks } from './published_packs.ts';
import { RuleCoverage } from './rule_coverage.ts';
import { StrongroomPack } from './strongroom_pack.ts';
import { Zones } from './zones.ts';

/**
 * @param today RFC 3339 full-date, UTC.
 * @param table The exceptions; another table than ours in tests alone.
 */
export function addCompliance(
  app: App,
  zones: readonly ZoneStage[],
  today: string,
  table: readonly Exception[] = exceptions,
): void {
  const read = new Zones(zones);
  const coverage = new RuleCoverage();
  const matcher = new ExceptionMatcher(
    table,
    today,
    zones.map(({ deployment, deployments }) => ({
      profile: deployment.stageConfig.profile,
      hasSecondRegion: deployments.length > 1,
      locked: deployment.stageConfig.data === 'locked',
    })),
  );
  const packs = [...publishedPacks(coverage), new StrongroomPack(read, coverage)];
  Validations.of(app).addPlugins(
    ...packs.map((pack) => new PackAdapter(pack, matcher, zones)),
    // Last: it checks what the others have read and acknowledged.
    new ExceptionAudit(read, coverage, matcher),
  );
}
