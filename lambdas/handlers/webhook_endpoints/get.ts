// Reads one webhook endpoint of the caller's.

import type { getWebhookEndpoint as operation } from '../../../contract/operations/webhook_endpoints.ts';
import { readEndpoint } from '../../webhooks/read.ts';
import { shownEndpoint } from '../../webhooks/shown.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getWebhookEndpoint: Handler<typeof operation, HandlerPorts> = async (call, ports) =>
  read(await shownEndpoint(ports.keyring)(await readEndpoint(ports.platform, call)));
