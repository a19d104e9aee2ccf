// What the check found, twice: a table for the terminal, and a page for docs/generated. The page holds no number that varies
// from run to run, so that a difference between two of them is a difference of privileges.

import { code, codes, table } from '../../generate/markdown.ts';
import type { Checked } from './check.ts';
import type { GrantReport, RoleReport } from './findings.ts';
import { shortly } from './names.ts';
import { type Place, placeName, rolesNotChecked } from './place.ts';
import { takeoverSection } from './takeover.ts';

const simulator = 'simulator';

const isUsed = ({ usedBy }: GrantReport): boolean => usedBy.length > 0;
const usedBy = ({ grants }: RoleReport, who: 'code' | 'aws'): number =>
  grants.filter((grant) => grant.usedBy.includes(who)).length;

interface Counts {
  readonly granted: number;
  readonly used: number;
  readonly usedByCode: number;
  readonly usedByAws: number;
  readonly unused: number;
  readonly denied: number;
  readonly refusedToCode: number;
}

const countsOf = (role: RoleReport): Counts => {
  const used = role.grants.filter(isUsed).length;
  return {
    granted: role.grants.length,
    used,
    usedByCode: usedBy(role, 'code'),
    usedByAws: usedBy(role, 'aws'),
    unused: role.grants.length - used,
    denied: role.denied,
    refusedToCode: role.refuses.length,
  };
};

const header = ['function', 'granted', 'used', 'by code', 'by AWS', 'unused', 'denied', 'refused to its code'];
const cells = (name: string, counts: Counts): string[] => [
  name,
  ...[
    counts.granted,
    counts.used,
    counts.usedByCode,
    counts.usedByAws,
    counts.unused,
    counts.denied,
    counts.refusedToCode,
  ].map(String),
];

const rowsOf = ({ roles }: Checked): string[][] => {
  const each = roles.map((role) => [role.role, countsOf(role)] as const);
  const sum = (field: keyof Counts): number => each.reduce((total, [, counts]) => total + counts[field], 0);
  const all: Counts = {
    granted: sum('granted'),
    used: sum('used'),
    usedByCode: sum('usedByCode'),
    usedByAws: sum('usedByAws'),
    unused: sum('unused'),
    denied: sum('denied'),
    refusedToCode: sum('refusedToCode'),
  };
  return [...each.map(([name, counts]) => cells(name, counts)), cells('all', all)];
};

/** Reason -> what it is given for. */
function grouped<T>(items: readonly T[], reasonsOf: (item: T) => readonly string[], nameOf: (item: T) => string) {
  const found = new Map<string, Set<string>>();
  for (const item of items)
    for (const reason of reasonsOf(item)) {
      const names = found.get(reason) ?? new Set();
      found.set(reason, names.add(nameOf(item)));
    }
  return [...found].map(([reason, names]) => [reason, [...names].sort()] as const).sort();
}

const grantName = ({ action, resource }: GrantReport): string => `${action} on ${shortly(resource)}`;
const allGrants = ({ roles }: Checked): GrantReport[] => roles.flatMap(({ grants }) => grants);

const wildcards = (checked: Checked) =>
  grouped(
    allGrants(checked),
    ({ wildcard }) => (wildcard === undefined ? [] : [wildcard]),
    ({ action, resource }) =>
      `${action} on ${shortly(resource)}`.replace(/(\/strongroom\/<stage>\/<zone>\/)[a-z_]+/, '$1<function>'),
  );

const undecided = (checked: Checked) =>
  grouped(
    allGrants(checked),
    ({ decidedBy }) => decidedBy.filter((each) => each !== simulator).map((each) => each.replace(/^[^:]*: /, '')),
    grantName,
  );

/** For whoever runs it. */
export function terminal(checked: Checked, sources: readonly string[]): string {
  const rows = [header, ...rowsOf(checked)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  const asked = checked.roles.reduce((sum, role) => sum + role.asked, 0);
  const list = (groups: ReturnType<typeof grouped>): string[] =>
    groups.flatMap(([reason, names]) => [`  ${reason}`, ...names.map((name) => `    ${name}`)]);
  return [
    `${asked} different accesses to AWS were seen: ${sources.join(', ')}.`,
    '',
    ...rows.map(line),
    '',
    'Resources with a wildcard, and why:',
    ...list(wildcards(checked)),
    '',
    'An independent IAM simulator decided, and the local cloud’s evaluator agreed; where the simulator cannot tell, the latter alone:',
    ...list(undecided(checked)),
    '',
    'Roles that are not checked:',
    ...Object.entries(rolesNotChecked).map(([role, why]) => `  ${role}: ${why}`),
    '',
    ...(checked.findings.length === 0
      ? ['Nothing was denied, and nothing that is granted was unused.']
      : checked.findings.map(({ kind, role, text }) => `${kind}: ${role}: ${text}`)),
    '',
  ].join('\n');
}

const users = { code: 'its code', aws: 'AWS' } as const;

const section = (role: RoleReport): string =>
  [
    `## ${role.role}\n`,
    table(
      ['action', 'resource', 'condition', 'used by'],
      role.grants.map((grant) => [
        code(grant.action),
        code(shortly(grant.resource)),
        Object.keys(grant.condition).length === 0 ? '–' : code(JSON.stringify(grant.condition)),
        grant.usedBy.map((who) => users[who]).join(', ') || 'nobody',
      ]),
    ),
    ...(role.refuses.length > 0 ? [`\nIts own code is refused ${codes(role.refuses)}.`] : []),
    '',
  ].join('\n');

const bullets = (groups: ReturnType<typeof grouped>): string =>
  groups.map(([reason, names]) => `- ${codes(names)}: ${reason}`).join('\n');

/** docs/generated/privileges.md */
export const page = (checked: Checked, places: readonly Place[]): string =>
  [
    '# Privileges, granted and used\n',
    '<!-- Generated by `npm run privileges` from the synthesized templates and what tests asked of AWS: do not edit. -->\n',
    `What each function may do in AWS, and whether anything needed it. The policies are those of the synthesized templates of
${places.map(placeName).join(', ')}, which grant alike but for names. What was needed is what
tests were seen to ask for, or AWS itself in the role's name (\`local/iam/service_side.ts\`). A grant counts as used only by an
access that no other grant allows.
How it is checked, and what is not: [decision 0012](../decisions/0012-privileges.md).\n`,
    table(header, rowsOf(checked)),
    '\n## Wildcards\n',
    `In resources alone, each for a reason:\n\n${bullets(wildcards(checked))}`,
    '\n## Who decided\n',
    `An independent IAM simulator, and in agreement with it the local cloud's evaluator (\`local/iam\`); the latter alone where the
simulator cannot tell:\n\n${bullets(undecided(checked))}`,
    '\n## Roles that are not checked\n',
    `${Object.entries(rolesNotChecked)
      .map(([role, why]) => `- ${code(role)}: ${why}`)
      .join('\n')}\n`,
    ...places.slice(0, 1).map(takeoverSection),
    ...checked.roles.map(section),
  ].join('\n');
