// Lists the refunds of all the caller's payments, newest first.

import { listAllRefunds as operation } from '../../../../contract/payments/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { filtersOf, searchedList } from '../../../kernel/operation/searched_list.ts';
import type { Modification } from '../../domain/modification.ts';
import { modificationRow, refundsOf } from '../../store.ts';

export const listAllRefunds = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { scope, query } = call;
  const { status } = query;
  const cursors = cursorsOf(keyring, scope, [operation.id, scope.tenant, scope.mode, ...filtersOf(query)]);
  const page = await searchedList(platform, cursors, query, {
    ...{ type: modificationRow, owner: refundsOf(scope) },
    wanted: status === undefined ? undefined : (refund: Modification) => refund.status === status,
    shown: (refund: Modification) => withOpenFields(refund, keyring),
  });
  return read(serialize(operation.reply, page));
});
