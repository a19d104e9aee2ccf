// Lists the caller's customers, newest first; with an e-mail address those who have it. Customers whose keys are destroyed
// are left out, whatever an index or a restored table says of them.

import { listCustomers as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf, owns } from '../../../kernel/domain/tenant_scope.ts';
import { read } from '../../../kernel/operation/call.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { cursorsOf, identity, pageOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { listedKeys, lookedUpKeys } from '../../../kernel/store/lists.ts';
import { toPublicCustomer } from '../../domain/customer.ts';
import { isErased } from '../../domain/subject.ts';
import { emailDigests } from '../../email_digest.ts';
import { openFor } from '../../sealed.ts';
import { loadSubjects } from '../../store/reads.ts';
import type { StoredSubject } from '../../store/rows.ts';
import { openKey, present, type SubjectPorts } from '../../subject.ts';

export const listCustomers = route(operation, async (call, ports: CreatePorts & SubjectPorts) => {
  const { platform, subjects } = ports;
  const owner = ownerOf(call.scope);
  const { email, cursor, limit } = call.query;
  const digests = email === undefined ? null : await emailDigests(ports.digests, call.scope, email);
  // The oldest stays the same when a version is added: a cursor outlives that, and shows nothing of the address.
  const cursors = cursorsOf(ports.keyring, call.scope, [operation.id, owner, digests?.[0] ?? '']);
  const after = await cursors.position(cursor);
  const found =
    digests === null
      ? await listedKeys(platform, 'subjects', owner, after, limit + 1)
      : await lookedUpKeys(platform, 'subjects', owner, digests, after, limit + 1);
  const examined = found.slice(0, limit);
  const stored = await loadSubjects(
    platform,
    examined.map(({ key }) => key.pk),
  );
  const wanted = ({ customer: { value }, key }: StoredSubject): boolean =>
    owns(call.scope, value) &&
    !isErased(value, key?.value) &&
    // An index may be old news: what the row says counts.
    (digests === null || (value.email_digest !== null && digests.includes(value.email_digest)));
  const items = await Promise.all(
    examined.map(async ({ position, key }) => {
      const subject = stored.get(key.pk);
      if (subject === undefined || !wanted(subject)) return [];
      const { value } = subject.customer;
      const person = openFor(await openKey(subjects, subject), 'person', value.id, present(value.person));
      return [{ position, value: toPublicCustomer(value, person) }];
    }),
  );
  const page = await pageOf(cursors, call.query, items.flat(), identity);
  const last = found.length > limit ? examined.at(-1) : undefined;
  if (page.has_more || last === undefined) return read(serialize(operation.reply, page));
  // Beyond what was looked at there is more, however little of it could be shown.
  return read(serialize(operation.reply, { ...page, has_more: true, next_cursor: await cursors.of(last.position) }));
});
