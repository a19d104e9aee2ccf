// What a function could do whose code somebody else wrote: worked out from the synthesized policies, and from what the contract says
// of tables, keys and networks. What the product's own code does with its grants plays no part.

import { type FunctionName, type FunctionRow, functions, type TableName, tables } from '../../contract/capabilities.ts';
import { type KmsKeyName, kmsKeys } from '../../contract/kernel/kms_keys.ts';
import { patternsOverlap, type RowKind, type Table } from '../../contract/kernel/table.ts';
import { code, codes } from '../../generate/markdown.ts';
import { type NetworkTier, networkTierOf, portsAnywhere } from '../../lib/derive/network.ts';
import { attributesOf } from './grants.ts';
import { shortly } from './names.ts';
import type { CheckedRole, Place, Statement } from './place.ts';

/** What an action does with whole rows. A batch may delete as well as put; an update makes what is not there. */
const effects: Readonly<Record<string, readonly ('create' | 'alter' | 'delete' | 'read')[]>> = {
  GetItem: ['read'],
  BatchGetItem: ['read'],
  Query: ['read'],
  Scan: ['read'],
  GetRecords: ['read'],
  PutItem: ['create', 'alter'],
  UpdateItem: ['create', 'alter'],
  BatchWriteItem: ['create', 'alter', 'delete'],
  PartiQLInsert: ['create'],
  DeleteItem: ['delete'],
};

interface Reach {
  readonly action: string;
  readonly resource: string;
  readonly statement: Statement;
}

export interface Takeover {
  readonly name: FunctionName;
  readonly rows: Readonly<Record<'create' | 'alter' | 'delete' | 'read', readonly string[]>>;
  /** Aggregates whose facts it could make the relay believe. */
  readonly facts: readonly string[];
  readonly keys: readonly string[];
  readonly secrets: readonly string[];
  readonly queues: readonly string[];
  readonly bus: readonly string[];
  readonly elsewhere: readonly string[];
  readonly hosts: string;
}

/** Each action on each resource that is allowed, without what some statement denies the function's own code. */
function reachesOf({ statements }: CheckedRole, place: Place): Reach[] {
  const denied = new Set(statements.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action));
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) =>
      statement.Action.filter((action) => !denied.has(action)).flatMap((action) =>
        statement.Resource.map((arn) => ({ action, resource: shortly(place.withoutNames(arn)), statement })),
      ),
    );
}

const leadingKeys = ({ Condition }: Statement): readonly string[] | undefined => {
  const given = Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  return given === undefined ? undefined : [given].flat().map(String);
};

/** The table's kinds of rows that the statement reaches. */
function kindsOf(table: TableName, statement: Statement): [string, RowKind][] {
  const keys = leadingKeys(statement);
  return Object.entries<RowKind>((tables[table] as Table).rows).filter(
    ([, { partitions }]) =>
      keys === undefined || partitions.some((mine) => keys.some((theirs) => patternsOverlap(mine, theirs))),
  );
}

const tableOf = ({ resource }: Reach): TableName | undefined => {
  const name = /^table\/([a-z_]+)/.exec(resource)?.[1];
  return name !== undefined && Object.hasOwn(tables, name) ? (name as TableName) : undefined;
};

/** `payments: payment`, with what narrows it further; an index holds keys of rows alone. */
function rowsReached(reach: Reach, table: TableName): string[] {
  const { resource, statement } = reach;
  const attributes = attributesOf(statement);
  const part = resource.includes('/index/') ? ' (keys alone)' : resource.includes('/stream/') ? ' (changes)' : '';
  const counted = statement.Condition.StringEquals?.['dynamodb:Select'] === 'COUNT' ? ', counted alone' : '';
  const only = attributes.length > 0 ? ` (only ${attributes.join(', ')}${counted})` : '';
  return kindsOf(table, statement).map(([kind]) => `${table}: ${kind}${part}${only}`);
}

/** Only a row that bears a fact is believed, so a grant that may not name the attribute makes none. */
const factsBorne = ({ action, statement }: Reach, table: TableName): readonly string[] => {
  const attributes = attributesOf(statement);
  const writes = effects[action.replace('dynamodb:', '')]?.includes('create') === true;
  if (!writes || (attributes.length > 0 && !attributes.includes('fact'))) return [];
  return kindsOf(table, statement).flatMap(([, { facts = [] }]) => facts);
};

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** Resource -> the actions on it, with the condition that counts. */
function usesOf(reaches: readonly Reach[], prefix: string, nameOf: (resource: string) => string): string[] {
  const found = new Map<string, Set<string>>();
  for (const { action, resource, statement } of reaches) {
    if (!action.startsWith(prefix)) continue;
    const via = statement.Condition.StringEquals?.['kms:ViaService'];
    const same = statement.Condition.Bool?.['kms:ReEncryptOnSameKey'] === 'true' ? ' (onto the same key)' : '';
    const through = via === undefined ? same : ` (through ${[via].flat().map(String).join(', ').split('.')[0]} alone)`;
    const uses = found.get(nameOf(resource)) ?? new Set();
    found.set(nameOf(resource), uses.add(`${action.replace(prefix, '')}${through}`));
  }
  return [...found].map(([resource, uses]) => `${resource}: ${[...uses].sort().join(', ')}`).sort();
}

const keyName = (resource: string): string => {
  const name = resource.replace('key/', '');
  return Object.hasOwn(kmsKeys, name) ? `${name} (${kmsKeys[name as KmsKeyName].wraps})` : name;
};

const hosts: Readonly<Record<NetworkTier, string>> = {
  nothing: 'none: nothing is let out',
  aws: 'AWS alone, through the zone’s endpoints',
  outside: `any, on TCP port ${portsAnywhere.outside.join(', ')}, and AWS`,
  receivers: `any, on TCP ports ${portsAnywhere.receivers.join(', ')}, and AWS`,
};

const elsewhere = /^(?:dynamodb|kms|secretsmanager|sqs|events):/;

function takeoverOf(role: CheckedRole, place: Place): Takeover {
  const name = role.name as FunctionName;
  const reaches = reachesOf(role, place);
  const inTables = reaches.flatMap((reach) => {
    const table = tableOf(reach);
    return table === undefined ? [] : [{ reach, table }];
  });
  const rowsOf = (effect: 'create' | 'alter' | 'delete' | 'read'): string[] =>
    unique(
      inTables
        .filter(({ reach }) => effects[reach.action.replace('dynamodb:', '')]?.includes(effect))
        .flatMap(({ reach, table }) => rowsReached(reach, table)),
    );
  return {
    name,
    rows: { create: rowsOf('create'), alter: rowsOf('alter'), delete: rowsOf('delete'), read: rowsOf('read') },
    facts: unique(inTables.flatMap(({ reach, table }) => factsBorne(reach, table))),
    keys: usesOf(reaches, 'kms:', keyName),
    secrets: usesOf(reaches, 'secretsmanager:', (resource) => resource.replace('secret:', '')),
    queues: usesOf(reaches, 'sqs:', (resource) => resource),
    bus: usesOf(reaches, 'events:', (resource) => resource),
    elsewhere: unique(
      reaches.filter(({ action }) => !elsewhere.test(action)).map(({ action, resource }) => `${action} on ${resource}`),
    ),
    hosts: hosts[networkTierOf(functions[name] as FunctionRow)],
  };
}

/** One for each function; roles that only start one have no code that could be taken over. */
export const takeovers = (place: Place): Takeover[] =>
  place.roles.filter((role) => role.code !== undefined).map((role) => takeoverOf(role, place));

const bullet = (what: string, list: readonly string[]): string =>
  `- ${what}: ${list.length === 0 ? 'none' : codes(list)}`;

const described = ({ name, rows, facts, keys, secrets, queues, bus, elsewhere: more, hosts: reached }: Takeover) =>
  [
    `### ${code(name)}, taken over\n`,
    bullet('creates rows', rows.create),
    bullet('alters rows', rows.alter),
    bullet('deletes rows', rows.delete),
    bullet('reads rows', rows.read),
    bullet('makes the relay believe facts of', facts),
    bullet('uses keys', keys),
    bullet('secrets', secrets),
    bullet('queues', queues),
    bullet('event bus', bus),
    bullet('anything else in AWS', more),
    `- hosts that it may reach: ${reached}`,
    '',
  ].join('\n');

/** A section of docs/generated/privileges.md. */
export const takeoverSection = (place: Place): string =>
  [
    '## What a taken-over function could do\n',
    `At most this, whoever wrote its code: what its role allows, in the kinds of rows that the contract's tables hold
(\`contract/<capability>/tables.ts\`). A kind of row is reached where the policy's leading keys overlap its partitions. The relay
believes a fact only of an aggregate that such a row may bear, and only where it agrees with the row
(\`lambdas/relay/forgery.ts\`). A condition that an attacker could meet narrows nothing here.\n`,
    ...takeovers(place).map(described),
  ].join('\n');
