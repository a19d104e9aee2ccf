// Nothing leaves its zone: the same proof as `npm run residency`, on every synthesis.

import { leavingLine } from '../../evidence/residency/page.ts';
import { residencyOf } from '../../evidence/residency/residency.ts';
import type { ZoneRule } from '../zone_rule.ts';

export const residency: ZoneRule = {
  id: 'Strongroom-RES1',
  promises: ['RES-2'],
  statement:
    'Whatever names a place names one of the zone; what cannot be resolved, or is of a type that nobody described, counts as leaving it.',
  check: (zone) =>
    residencyOf(zone).leaving.map((each) => {
      const stack = zone.stacks.get(each.stack);
      const path = stack?.paths.get(each.at) ?? `${zone.id}/${each.stack}`;
      return { path, logicalId: each.at, templateFile: stack?.templateFile ?? '', wrong: leavingLine(each) };
    }),
};
