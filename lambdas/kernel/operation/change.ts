// Changes the object that a path names: read, decide, commit, and again where another was faster. What was so already is
// answered as it is.

import type { Operation } from '../../../contract/capabilities.ts';
import type { Change, Refused } from '../domain/decision.ts';
import { Refusal } from '../domain/refusal.ts';
import { serialize } from '../domain/serialize.ts';
import { commit, type Identified, type Write } from '../store/commit.ts';
import { conflict, untilCommitted } from '../store/retry.ts';
import type { NamedRow } from '../store/row.ts';
import { type Call, committed, type HandlerPorts, unchanged } from './call.ts';
import { named } from './named.ts';
import { identity, type Opening } from './page.ts';
import { type Route, route } from './route.ts';

/** `alongside`: rows that are written with it, in the same commit. */
type Changed<T> = Change<T> & { readonly alongside?: readonly Write<Identified>[] };
type Decided<T> = Changed<T> | Refused | null;

/** `decide` gives null where it was so already. `open` opens what lies sealed in the object. */
export const change = <O extends Operation, T extends { readonly id: string }, P extends HandlerPorts>(
  operation: O,
  type: NamedRow<T>,
  decide: (value: T, call: Call<O>, ports: P) => Decided<T> | Promise<Decided<T>>,
  open: Opening<T> = identity,
): Route<P> =>
  route(operation, (call, ports) => {
    const { platform, keyring } = ports;
    const reply = async (value: T): Promise<string> => serialize(operation.reply, await open(value, keyring, platform));
    return untilCommitted(platform, async () => {
      const before = await named(platform, call, type);
      const decided = await decide(before.value, call, ports);
      if (decided === null) return unchanged(await reply(before.value));
      if ('refused' in decided) throw new Refusal(decided.refused);
      const audit = await call.auditContext(type.scope(before.value));
      const { next, fact, alongside = [] } = decided;
      const writes: readonly Write<Identified>[] = [...alongside, { type, before, next } as Write<T>];
      const done = await commit(platform, writes, fact && { type: fact, aggregateId: next.id }, audit);
      return done.kind === 'committed' ? committed(await reply(next)) : conflict;
    });
  });
