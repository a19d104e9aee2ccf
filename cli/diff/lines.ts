// Differences as lines for a person: what matters most stands first.

import { figureRow, money, paint, wrap } from '../terminal.ts';
import type { Differences } from './differences.ts';
import type { Right } from './rights.ts';

/** Of each kind; the rest is counted. `--all` shows everything. */
const mostLines = 20;

const item = (text: string): string => `  - ${wrap(text, 4).slice(4)}`;

function section(
  title: string,
  items: readonly string[],
  all: boolean,
  style: 'red' | 'yellow' | 'bold' = 'yellow',
): string[] {
  if (items.length === 0) return [];
  const shown = all ? items : items.slice(0, mostLines);
  const left = items.length - shown.length;
  return [
    paint(style, `${title} (${items.length})`),
    ...shown.map(item),
    ...(left === 0 ? [] : [`  … and ${left} more: --all shows them`]),
    '',
  ];
}

const rightText = ({ holder, says, wildcard }: Right): string => `${wildcard ? 'WILDCARD ' : ''}${holder}: ${says}`;

function costLines(costs: Differences['costs']): string[] {
  if (costs.length === 0) return [];
  const signed = (dollars: number): string => `${dollars < 0 ? '-' : '+'}${money(Math.abs(dollars))}`;
  const total = costs.reduce((sum, { dollars }) => sum + dollars, 0);
  return [
    paint('bold', figureRow('Cost while idle', '$ a month', 72)),
    ...costs.map(({ what, dollars }) => figureRow(`  ${what}`, signed(dollars), 72)),
    figureRow('  in all', signed(total), 72),
    '',
  ];
}

function restLines(changes: Differences['changes']): string[] {
  if (changes.length === 0) return ['No resource differs.'];
  const cell = (count: number): string => (count === 0 ? '' : String(count)).padStart(9);
  return [
    paint(
      'bold',
      `${'All resources'.padEnd(44)}${['added', 'changed', 'removed'].map((word) => word.padStart(9)).join('')}`,
    ),
    ...changes.map(
      ({ type, added, changed, removed }) => `  ${type.padEnd(42)}${cell(added)}${cell(changed)}${cell(removed)}`,
    ),
  ];
}

export function differenceLines(differences: Differences, all: boolean): string[] {
  const { losses, rights, opened, unprotected, unwatched, newStacks, removedStacks, costs, changes } = differences;
  const loss = losses.map(({ stack, resource, type, says }) => `${stack} ${resource} (${type}): ${says}`);
  return [
    ...section('LOST: what holds something is replaced or deleted', loss, all, 'red'),
    ...section('Who may do more', rights.map(rightText), all),
    ...section('The network opens', opened, all),
    ...section('Protects less', unprotected, all),
    ...section('Alarms that are gone, or notify nobody', unwatched, all),
    ...section('New stacks', newStacks, all, 'bold'),
    ...section('Stacks that the stage no longer has; a deployment leaves them', removedStacks, all),
    ...costLines(costs),
    ...restLines(changes),
  ];
}

export const verdictOf = ({ losses }: Differences): string | null =>
  losses.length === 0
    ? null
    : wrap(
        `This deployment would lose what ${losses.length === 1 ? 'a resource holds' : `${losses.length} resources hold`}. Don't deploy it: keep the logical ids and the properties named above as they are, or move the data first.`,
      );
