// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../../contract/payments/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { filtersOf, searchedList } from '../../../kernel/operation/searched_list.ts';
import type { Payment } from '../../domain/payment.ts';
import { listedPayment } from '../../payer_access.ts';
import { paymentRow } from '../../store.ts';

export const listPayments = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { scope, query } = call;
  const { status, customer } = query;
  const cursors = cursorsOf(keyring, scope, [operation.id, scope.tenant, scope.mode, ...filtersOf(query)]);
  const isFiltered = status !== undefined || customer !== undefined;
  const wanted = (payment: Payment): boolean =>
    (status === undefined || payment.status === status) && (customer === undefined || payment.customer === customer);
  const page = await searchedList(platform, cursors, query, {
    ...{ type: paymentRow, owner: ownerOf(scope), wanted: isFiltered ? wanted : undefined },
    shown: (payment: Payment) => listedPayment(payment, keyring),
  });
  return read(serialize(operation.reply, page));
});
