// A page of the caller's own objects of one kind, newest first.

import type { GenericSchema } from 'valibot';
import type { Platform } from '../platform/platform.ts';
import { newestListed } from '../store/lists.ts';
import type { RowType } from '../store/row.ts';
import { type Answer, type Identity, read } from './call.ts';
import { asItIs, type PageQuery, pageOf, positionOf } from './page.ts';
import { tenantScopeOf } from './scope.ts';
import { serialize } from './serialize.ts';

/** `shown` opens what lies sealed in an object. */
export async function listOwned<T>(
  operation: { readonly id: string; readonly reply: GenericSchema },
  type: RowType<T>,
  call: { readonly identity: Identity; readonly query: PageQuery },
  platform: Platform,
  shown: (value: T) => unknown = asItIs,
): Promise<Answer> {
  const { tenant, mode } = tenantScopeOf(call.identity);
  const list = [operation.id, tenant, mode];
  const after = positionOf(list, call.query.cursor);
  const items = await newestListed(platform, type, `${tenant}#${mode}`, after, call.query.limit + 1);
  return read(serialize(operation.reply, await pageOf(list, call.query, items, shown)));
}
