// Ways to break what the relay believes, one line each (breakages.ts).

import type { Breakage } from './breakage.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: lines of the product, not templates
export const forgeryBreakages = {
  forged_owner: {
    what: 'a fact is believed that is another tenant’s or mode’s',
    file: 'lambdas/relay/forgery.ts',
    find: "['owner', owner === tenant && (row.mode === undefined || row.mode === mode)],",
    replace: '',
  },
  forged_table: {
    what: 'a fact is believed that stands in a table or partition that holds no such facts',
    file: 'lambdas/relay/forgery.ts',
    find: "['table', rowKinds(source).some((kind) => kind.facts?.includes(type) && isOfKind(kind, row.pk))],",
    replace: '',
  },
  forged_type: {
    what: 'a fact is believed that is not of its type’s aggregate',
    file: 'lambdas/relay/forgery.ts',
    find: "['type', events[fact.type] === type],",
    replace: '',
  },
  forged_object: {
    what: 'a fact is believed that stands on a row whose key is not its object’s',
    file: 'lambdas/relay/forgery.ts',
    find: "['object', isIdOf(row.object, zone, objectId) && (isPlatforms(type) || row.pk === objectId || row.sk === objectId)],",
    replace: '',
  },
  forged_aggregate: {
    what: 'a fact is believed that is of an aggregate to which its object does not belong',
    file: 'lambdas/relay/forgery.ts',
    find: "['aggregate', isIdOf(type, zone, aggregate) && (isRoot ? row.object === type : object[type] === aggregate)],",
    replace: '',
  },
  forged_key: {
    what: 'a fact is believed that stands in the partition of another',
    file: 'lambdas/relay/forgery.ts',
    find: "['key', isPlatforms(type) || belongs.some((part) => row.pk === part || row.pk.startsWith(`${part}#`))],",
    replace: '',
  },
  forged_id: {
    what: 'a fact is believed that has an id of its own choice',
    file: 'lambdas/relay/forgery.ts',
    find: "['id', fact.id === factId(zone, aggregate, sequence, Date.parse(fact.at))],",
    replace: '',
  },
  forged_sequence: {
    what: 'a fact is believed that does not follow the last one of its aggregate',
    file: 'lambdas/relay/forgery.ts',
    find: '(!isRoot || (sequence === row.sequence && (origin !== region || followsOn(fact, before, zone)))),',
    replace: 'true,',
  },
} as const satisfies Record<string, Breakage>;
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: lines of the product, not templates
