// Chooses which connections take payments that name none: all of them at once, each of which must be there.

import { setConnectionDefaults as operation } from '../../../../contract/connections/operations.ts';
import { type Finding, Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type Call, committed, type HandlerPorts, unchanged } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { commitChange } from '../../../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { takesPayments } from '../../domain/connection.ts';
import { setDefaults as decide } from '../../domain/defaults.ts';
import { defaultsRow, loadConnection, loadDefaults } from '../../store.ts';

export const setConnectionDefaults = route(operation, async (call, { platform }: HandlerPorts) => {
  const findings = await findingsIn(call, platform);
  if (findings.length > 0) throw new Refusal('request_invalid', { findings });
  return untilCommitted(platform, async () => {
    const { stored, value } = await loadDefaults(platform, call.scope);
    const change = decide(value, call.body.currencies, timestamp(platform.clock()));
    if (change === null) return unchanged(serialize(operation.reply, value));
    const done = await commitChange(platform, defaultsRow, stored, change, await call.auditContext());
    return done.kind === 'committed' ? committed(serialize(operation.reply, change.next)) : conflict;
  });
});

async function findingsIn(
  { body, scope }: Call<typeof operation>,
  platform: HandlerPorts['platform'],
): Promise<Finding[]> {
  const named = Object.entries(body.currencies);
  const ids = [...new Set(named.flatMap(([, connections]) => connections))];
  const found = await Promise.all(ids.map((id) => loadConnection(platform, id)));
  const missing = ids.filter((_, index) => !takesPayments(found[index]?.value, scope));
  return named.flatMap(([currency, connections]) =>
    connections.flatMap((id, index) =>
      missing.includes(id)
        ? [{ pointer: `/currencies/${currency}/${index}`, detail: 'There is no such connection' }]
        : [],
    ),
  );
}
