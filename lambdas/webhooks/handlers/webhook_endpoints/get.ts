// Reads one webhook endpoint of the caller's.

import type { getWebhookEndpoint as operation } from '../../../../contract/webhooks/operations.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { readEndpoint } from '../../read.ts';
import { toPublicEndpoint } from '../../serialize.ts';

export const getWebhookEndpoint: Handler<typeof operation, HandlerPorts> = async (call, ports) =>
  read(await toPublicEndpoint(ports.keyring)(await readEndpoint(ports.platform, call)));
