// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../../contract/payments/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { read } from '../../../kernel/operation/call.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { cursorsOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { filtersOf, searchedList } from '../../../kernel/operation/searched_list.ts';
import type { Payment } from '../../domain/payment.ts';
import { listedPayment } from '../../payer_access.ts';
import { referenceDigests } from '../../reference_digest.ts';
import { paymentRow } from '../../store.ts';

export const listPayments = route(operation, async (call, { platform, keyring, digests }: CreatePorts) => {
  const { scope, query } = call;
  const { reference, ...others } = query;
  const { status, customer } = others;
  const looked = reference === undefined ? undefined : await referenceDigests(digests, scope, reference);
  // The oldest stays the same when a version is added: a cursor outlives that, and shows nothing of the reference.
  const filters = [...filtersOf(others), looked?.[0] ?? ''];
  const cursors = cursorsOf(keyring, scope, [operation.id, scope.tenant, scope.mode, ...filters]);
  const isFiltered = status !== undefined || customer !== undefined || looked !== undefined;
  const wanted = (payment: Payment): boolean =>
    (status === undefined || payment.status === status) &&
    (customer === undefined || payment.customer === customer) &&
    // An index may be old news: what the row says counts.
    (looked === undefined || looked.includes(payment.reference_digest ?? ''));
  const page = await searchedList(platform, cursors, query, {
    ...{ type: paymentRow, owner: ownerOf(scope), digests: looked, wanted: isFiltered ? wanted : undefined },
    shown: (payment: Payment) => listedPayment(payment, keyring),
  });
  return read(serialize(operation.reply, page));
});
