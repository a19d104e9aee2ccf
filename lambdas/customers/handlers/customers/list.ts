// Lists the caller's customers, newest first; with an e-mail address those who have it. Customers whose keys are destroyed
// are left out, whatever an index or a restored table says of them.

import { listCustomers as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { owns } from '../../../kernel/domain/tenant_scope.ts';
import { type Handler, read } from '../../../kernel/operation/call.ts';
import { asItIs, cursorOf, pageOf, positionOf } from '../../../kernel/operation/page.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { listedKeys, lookedUpKeys } from '../../../kernel/store/lists.ts';
import { toPublicCustomer } from '../../domain/customer.ts';
import { isErased } from '../../domain/subject.ts';
import { emailDigests } from '../../email_digest.ts';
import type { CustomerPorts } from '../../ports.ts';
import { loadSubjects } from '../../reads.ts';
import { openFor } from '../../sealed.ts';
import type { StoredSubject } from '../../store.ts';
import { present, unwrapKey } from '../../subject.ts';

export const listCustomers: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform } = ports;
  const member = tenantScopeOf(call.identity);
  const owner = `${member.tenant}#${member.mode}`;
  const { email, cursor, limit } = call.query;
  const digests = email === undefined ? null : await emailDigests(ports.digests, member, email);
  // The oldest stays the same when a version is added: a cursor outlives that, and tells nothing of the address.
  const list = [operation.id, owner, digests?.[0] ?? ''];
  const after = positionOf(list, cursor);
  const found =
    digests === null
      ? await listedKeys(platform, 'subjects', owner, after, limit + 1)
      : await lookedUpKeys(platform, 'subjects', owner, digests, after, limit + 1);
  const shown = found.slice(0, limit);
  const ids = shown.map(({ key }) => key.pk);
  const stored = await loadSubjects(platform, ids);
  const wanted = ({ customer: { value }, key }: StoredSubject): boolean =>
    owns(member, value) &&
    !isErased(value, key?.value) &&
    // An index may be old news: what the row says counts.
    (digests === null || (value.email_digest !== null && digests.includes(value.email_digest)));
  const items = await Promise.all(
    shown.map(async ({ position }, at) => {
      const subject = stored.get(ids[at] ?? '');
      if (subject === undefined || !wanted(subject)) return [];
      const { value } = subject.customer;
      const person = openFor(
        await unwrapKey(ports, value, subject.key?.value),
        'person',
        value.id,
        present(value.person),
      );
      return [{ position, value: toPublicCustomer(value, person) }];
    }),
  );
  const page = await pageOf(list, call.query, items.flat(), asItIs);
  const last = found.length > limit ? shown.at(-1) : undefined;
  if (page.has_more || last === undefined) return read(serialize(operation.reply, page));
  // Beyond what was looked at there is more, however little of it could be shown.
  return read(serialize(operation.reply, { ...page, has_more: true, next_cursor: cursorOf(list, last.position) }));
};
