// Reads one webhook endpoint of the caller's.

import { getWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { represent } from '../../domain/representation.ts';
import { readEndpoint } from '../../webhooks/read.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getWebhookEndpoint: Handler<typeof operation, HandlerPorts> = async (call, { platform }) =>
  read(represent(operation.reply, await readEndpoint(platform, call)));
