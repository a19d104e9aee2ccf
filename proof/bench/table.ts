// Rows as a person reads them: ours, the reference, their ratio, what was aimed at, and whether it was met.

import { type NotRun, type Row, ratioOf } from './measure.ts';

const shown = (value: number, unit: Row['unit']): string => {
  if (unit === 'bytes' || unit === 'count') return value.toLocaleString('en-US');
  if (unit === '$') return value.toFixed(2);
  return Number.isInteger(value) || value >= 1_000 ? value.toFixed(0) : value.toPrecision(3);
};

/** Undefined where nothing was aimed at. */
export function isMet(row: Row): boolean | undefined {
  if (row.target === undefined) return undefined;
  const value = row.target.of === 'ours' ? row.ours : ratioOf(row);
  return value !== undefined && value <= row.target.most;
}

const cellsOf = (row: Row): string[] => {
  const ratio = ratioOf(row);
  const met = isMet(row);
  return [
    row.name,
    `${shown(row.ours, row.unit)} ${row.unit}`,
    row.reference === undefined ? '' : `${shown(row.reference, row.unit)} ${row.unit}`,
    ratio === undefined ? '' : `${ratio.toFixed(3)}x`,
    row.target === undefined ? '' : `≤ ${row.target.most}${row.target.of === 'ratio' ? 'x' : ` ${row.unit}`}`,
    met === undefined ? '' : met ? 'met' : 'MISSED',
    Object.entries(row.more ?? {})
      .map(([what, value]) => `${what} ${shown(value, row.unit)}`)
      .join(', '),
  ];
};

export function lines(rows: readonly Row[] | NotRun): string[] {
  if ('notRun' in rows) return [`not run: ${rows.notRun}`];
  const table = [['', 'ours', 'beside', 'ratio', 'aim', '', ''], ...rows.map(cellsOf)];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table.map((cells) =>
    cells
      .map((cell, at) => (at === 0 || at > 4 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

export function verdicts(results: readonly (readonly Row[] | NotRun)[]): string {
  const aimed = results.flatMap((rows) => ('notRun' in rows ? [] : rows)).filter((row) => isMet(row) !== undefined);
  const missed = aimed.filter((row) => isMet(row) === false).map(({ name }) => name);
  return `${aimed.length - missed.length} of ${aimed.length} targets met${missed.length > 0 ? `; missed: ${missed.join('; ')}` : ''}`;
}
