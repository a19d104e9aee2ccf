// Reads of captures, refunds and voids: they lie beside their payment, and belong to its tenant.

import type * as operations from '../../contract/payments/operations.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { serialize } from '../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../kernel/operation/call.ts';
import { idOf, named, notFound } from '../kernel/operation/named.ts';
import { cursorsOf, newestAfter, pageOf } from '../kernel/operation/page.ts';
import { type Route, route } from '../kernel/operation/route.ts';
import type { ModificationKind } from './domain/modification.ts';
import { namedWithModification } from './named.ts';
import { loadModifications, paymentRow } from './store.ts';

type Get = typeof operations.getCapture | typeof operations.getRefund | typeof operations.getVoid;
type List = typeof operations.listCaptures | typeof operations.listRefunds | typeof operations.listVoids;

export const getModification = (operation: Get, kind: ModificationKind): Route<HandlerPorts> =>
  route(operation, async (call, { platform, keyring }) => {
    const { modification } = await namedWithModification(platform, call, idOf(call, kind));
    if (modification?.value.object !== kind) throw notFound(kind);
    return read(serialize(operation.reply, await withOpenFields(modification.value, keyring)));
  });

export const listModifications = (operation: List, kind: ModificationKind): Route<HandlerPorts> =>
  route(operation, async (call, { platform, keyring }) => {
    const { params, query } = call;
    const cursors = cursorsOf(keyring, call.scope, [operation.id, params.payment_id]);
    const after = await cursors.position(query.cursor);
    const [modifications] = await Promise.all([
      loadModifications(platform, params.payment_id, kind),
      named(platform, call, paymentRow),
    ]);
    const values = modifications.map(({ value }) => value);
    const page = await pageOf(cursors, query, newestAfter(values, after), (each) => withOpenFields(each, keyring));
    return read(serialize(operation.reply, page));
  });
