// Lists the caller's webhook endpoints, newest first. One row names them, and there are so few that they are
// read whole.

import { listWebhookEndpoints as operation } from '../../../../contract/webhooks/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf, newestAfter, pageOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { endpointsOf } from '../../store/endpoints.ts';

export const listWebhookEndpoints = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { scope } = call;
  const cursors = cursorsOf(keyring, scope, [operation.id, scope.tenant, scope.mode]);
  const after = await cursors.position(call.query.cursor);
  const endpoints = await endpointsOf(platform, scope);
  const items = newestAfter(endpoints, after);
  const page = await pageOf(cursors, call.query, items, (endpoint) => withOpenFields(endpoint, keyring));
  return read(serialize(operation.reply, page));
});
