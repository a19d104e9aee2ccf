// The cost of a stage as lines for a person.

import { figureIn, type Price, type Priced, prices } from '../../contract/kernel/prices.ts';
import type { IdleLine } from '../../lib/costs/idle.ts';
import { figureRow, money, paint, wrap } from '../terminal.ts';
import { millionsPerMonth, type StageCost, stageTotal, type ZoneCost } from './cost.ts';

const columns = 72;
const row = (label: string, dollars: number): string => figureRow(`  ${label}`, money(dollars), columns);

const idleLabel = ({ service, what, count }: IdleLine): string =>
  `${service.padEnd(11)} ${what} × ${Math.round(count).toLocaleString('en-US')}`;

/** Prices that depend on what is stored and moved. */
const byTheGb: readonly Priced[] = [
  'tableGbMonth',
  'pitrGbMonth',
  'backupGbMonth',
  'logGb',
  'logGbMonth',
  'natGb',
  'outGb',
];

function zoneLines({ zone, regions, idle, total }: ZoneCost): string[] {
  const later = total.mostDollars - total.dollars;
  return [
    paint('bold', figureRow(`Zone ${zone}, while idle`, '$ a month', columns)),
    ...idle.filter(({ dollars }) => dollars > 0).map((line) => row(idleLabel(line), line.dollars)),
    row('total', total.dollars),
    ...(regions.length > 1 ? regions.map(({ region, dollars }) => row(`  of that in ${region}`, dollars)) : []),
    ...(later < 0.005
      ? []
      : [row('later: keys rotated twice, metrics written to', later), row('at most', total.mostDollars)]),
    '',
  ];
}

function requestLines({ zones, mix }: StageCost): string[] {
  const shares = Object.entries(mix).map(([id, share]) => `${Math.round((share ?? 0) * 100)} % ${id}`);
  const services = [...new Set(zones.flatMap(({ requests }) => requests.map(({ service }) => service)))];
  const cells = (figures: readonly (number | undefined)[]): string =>
    figures.map((figure) => (figure === undefined ? '' : money(figure)).padStart(10)).join('');
  const of = (service: string) =>
    zones.map(({ requests }) => requests.find((line) => line.service === service)?.dollarsPerMillion);
  return [
    paint('bold', `${'A million requests, in $'.padEnd(28)}${zones.map(({ zone }) => zone.padStart(10)).join('')}`),
    ...services.map((service) => `  ${service.padEnd(26)}${cells(of(service))}`),
    `  ${'total'.padEnd(26)}${cells(zones.map(({ perMillion }) => perMillion))}`,
    wrap(`Of the requests: ${shares.join(', ')}.`, 2),
    '',
  ];
}

function monthLines(cost: StageCost, rps: number): string[] {
  const millions = millionsPerMonth(rps);
  const each = cost.zones.map(({ zone, total, perMillion }) => ({
    zone,
    dollars: total.dollars + millions * perMillion,
  }));
  return [
    paint('bold', figureRow(`At ${rps} requests a second in each zone`, '$ a month', columns)),
    wrap(`${millions.toLocaleString('en-US', { maximumFractionDigits: 2 })} million requests a month and zone.`, 2),
    ...each.map(({ zone, dollars }) => row(zone, dollars)),
    row(
      'total',
      each.reduce((sum, { dollars }) => sum + dollars, 0),
    ),
    '',
  ];
}

function gbLines(cost: StageCost): string[] {
  const homes = cost.zones.flatMap(({ regions }) => regions.slice(0, 1).map(({ region }) => region));
  const list = byTheGb.map((name) => {
    const price: Price = prices[name];
    return `${price.of} ${homes.map((region) => figureIn(region, name).dollars).join(' and ')}`;
  });
  return [wrap(`Besides, by use, in $: ${list.join('; ')}.`), ''];
}

export function costLines(cost: StageCost, rps: number | null): string[] {
  const { dollars, mostDollars } = stageTotal(cost);
  return [
    ...cost.zones.flatMap(zoneLines),
    paint('bold', figureRow(`${cost.stage}, while idle`, `${money(dollars)} to ${money(mostDollars)}`, columns)),
    '',
    ...requestLines(cost),
    ...(rps === null ? [] : monthLines(cost, rps)),
    ...gbLines(cost),
    wrap(`List prices of ${prices.writeUnit.read}, no free tier; sources: docs/generated/costs.md. A bill differs.`),
  ];
}
