// TransactWriteItems (DynamoDB developer guide, "Amazon DynamoDB Transactions: How it works"): all or nothing, up to 100
// items, each at most once. While one is under way, other writes to its items are refused.

import { type Consumption, readUnits } from './capacity.ts';
import { ClientTokens } from './client_tokens.ts';
import type { Stored } from './entry.ts';
import { DynamoDbError, invalid } from './error.ts';
import { type Input, listOf, recordOf } from './input.ts';
import { addressText } from './key.ts';
import type { Store } from './store.ts';
import { returnsOldOnFailure } from './write.ts';
import { checkIntent, deleteIntent, type Intent, isMet, putIntent, updateIntent } from './write_request.ts';

const mostInTransaction = 100;
/** API reference, TransactWriteItems: aggregate size of the items. */
const mostBytes = 4 * 1024 * 1024;

interface Part {
  readonly intent: Intent;
  readonly showsOld: boolean;
}

export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: object;
}

export interface Transaction {
  commit(): object;
  abort(): void;
}

type Reading = (store: Store, input: Input) => Intent;

const readers: readonly (readonly [string, Reading])[] = [
  ['ConditionCheck', checkIntent],
  ['Put', putIntent],
  ['Delete', deleteIntent],
  ['Update', updateIntent],
];

const partOf = (store: Store, given: unknown): Part => {
  const item = recordOf(given, 'transactItems');
  let part: Part | undefined;
  for (const [name, read] of readers) {
    const asked = item[name];
    if (asked === undefined || asked === null) continue;
    if (part !== undefined) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    const input = recordOf(asked, 'transactItems');
    part = { intent: read(store, input), showsOld: returnsOldOnFailure(input) };
  }
  if (part !== undefined) return part;
  throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
};

export const refuseTwice = (places: readonly string[]): void => {
  if (new Set(places).size < places.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
};

export const placeOf = ({ table, address }: Pick<Intent, 'table' | 'address'>): string =>
  `${table.definition.name}/${addressText(address)}`;

export const cancelled = (reasons: readonly Reason[]): DynamoDbError =>
  new DynamoDbError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { CancellationReasons: reasons },
  );

const none: Reason = { Code: 'None' };
const conflict: Reason = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };

export const refuseConflicts = (store: Store, places: readonly Pick<Intent, 'table' | 'address'>[]): void => {
  if (!store.hasLocks) return;
  const reasons = places.map(({ table, address }) => (store.isLocked(table, address) ? conflict : none));
  if (reasons.includes(conflict)) throw cancelled(reasons);
};

interface Images {
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
}

/** The images that one part leaves, or why it can't. */
const imagesOf = ({ intent, showsOld }: Part): Images | Reason => {
  const before = intent.table.stored(intent.address);
  if (!isMet(intent, before)) {
    const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    return showsOld && before !== undefined ? { ...reason, Item: before.item } : reason;
  }
  try {
    return { before, after: intent.after(before) };
  } catch (thrown) {
    if (!(thrown instanceof DynamoDbError)) throw thrown;
    return { Code: 'ValidationError', Message: thrown.message };
  }
};

/** Everything that a request asks for, read and checked. */
interface Asked {
  readonly input: Input;
  readonly parts: readonly Part[];
  readonly consumption: Consumption;
  readonly token: string | undefined;
  /** The very same request has been done already. */
  readonly isDone: boolean;
}

const read = (store: Store, tokens: ClientTokens, input: Input): Asked => {
  const given = listOf(input.TransactItems, 'transactItems');
  if (given.length === 0 || given.length > mostInTransaction) {
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${mostInTransaction}`,
    );
  }
  const token = ClientTokens.of(input);
  const parts = given.map((each) => partOf(store, each));
  if (parts.length > 1) refuseTwice(parts.map(({ intent }) => placeOf(intent)));
  const isDone = token !== undefined && tokens.isDone(token, input, store.options.now());
  const consumption = store.consumption(input, isDone ? 'Read' : 'Write');
  return { input, parts, consumption, token, isDone };
};

const replay = ({ parts, consumption }: Asked): object => {
  if (consumption.isCounted) {
    for (const { intent } of parts) {
      consumption.add(intent.table, 2 * readUnits(intent.table.stored(intent.address)?.bytes ?? 0, true));
    }
  }
  return consumption.many({}, true);
};

const commit = (store: Store, tokens: ClientTokens, { input, parts, consumption, token }: Asked): object => {
  const images: Images[] = [];
  const reasons: Reason[] = [];
  let bytes = 0;
  let writes = false;
  for (const part of parts) {
    const found = imagesOf(part);
    if ('Code' in found) reasons[images.length] = found;
    const pair = 'Code' in found ? { before: undefined, after: undefined } : found;
    images.push(pair);
    bytes += (pair.after ?? pair.before)?.bytes ?? 0;
    writes ||= part.intent.kind !== 'check';
  }
  if (reasons.length > 0) {
    for (const { intent } of parts) consumption.addFailed(intent.table, intent.table.stored(intent.address), 2);
    consumption.report();
    throw cancelled(parts.map((_, at) => reasons[at] ?? none));
  }
  if (bytes > mostBytes) throw invalid('Transaction payload size exceeded the maximum of 4 MB');
  if (writes) store.advance();
  for (let at = 0; at < parts.length; at += 1) {
    const { intent } = parts[at] as Part;
    const { before, after } = images[at] as Images;
    if (intent.kind !== 'check') store.write(intent.table, intent.address, before, after);
    consumption.addWrite(intent.table, before, after, 2);
  }
  if (token !== undefined) tokens.note(token, input.TransactItems, store.options.now());
  return consumption.many({}, true);
};

/** Atomic: no other call can see its locks. */
export const transactWriteItems = (store: Store, tokens: ClientTokens, input: Input): object => {
  const asked = read(store, tokens, input);
  if (asked.isDone) return replay(asked);
  refuseConflicts(
    store,
    asked.parts.map(({ intent }) => intent),
  );
  return commit(store, tokens, asked);
};

/** Takes the locks, until it is committed or aborted. */
export const beginTransaction = (store: Store, tokens: ClientTokens, input: Input): Transaction => {
  const asked = read(store, tokens, input);
  if (asked.isDone) return { commit: () => replay(asked), abort: () => {} };
  const intents = asked.parts.map(({ intent }) => intent);
  refuseConflicts(store, intents);
  const self = {};
  for (const { table, address } of intents) store.lock(table, address, self);
  let isOpen = true;
  const end = (): void => {
    if (!isOpen) throw new Error('This transaction has ended');
    isOpen = false;
    for (const { table, address } of intents) store.unlock(table, address, self);
  };
  return {
    abort: end,
    commit() {
      end();
      return commit(store, tokens, asked);
    },
  };
};
