// The compliance packs that every synthesis runs, in their order. What is neither kept nor excepted, what is excepted no
// longer or needlessly, and what no rule reads, fails the synthesis (promise HST-2).

import { type App, Validations } from 'aws-cdk-lib';
import type { ZoneStage } from '../stages/zone.ts';
import { type Exception, exceptions } from './exceptions.ts';
import { ExceptionMatcher } from './excuses.ts';
import { ExceptionAudit } from './gate.ts';
import { RuleCoverage } from './inspected.ts';
import { PackAdapter } from './judged.ts';
import { publishedPacks } from './packs.ts';
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
  const read = new Zones(new Map(zones.map((zone) => [zone.node.path, zone.place])));
  const inspected = new RuleCoverage();
  const excuses = new ExceptionMatcher(table, today);
  const packs = [...publishedPacks(inspected), new StrongroomPack(read, inspected)];
  Validations.of(app).addPlugins(
    ...packs.map((pack) => new PackAdapter(pack, excuses)),
    // Last: it judges what the others have seen.
    new ExceptionAudit(read, inspected, excuses),
  );
}
