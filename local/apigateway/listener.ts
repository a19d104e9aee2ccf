// The HTTP server under a gateway. It can listen before the API that it will serve is known, and it refuses what is not HTTP
// like any other bad request.

import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { localLimits } from '../host/limits.ts';
import type { ApiModel } from './model.ts';
import { readRequest } from './request.ts';
import { renderResponse } from './responses.ts';
import type { Gateway } from './server.ts';

const notReady: Gateway = (_, response) => {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end('{"message":"The local cloud is starting."}');
};

const refuseUnparsable = (thrown: NodeJS.ErrnoException, socket: Socket, api: ApiModel | undefined): void => {
  if (thrown.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const plain = { status: 400, headers: { 'content-type': 'application/json' }, body: '{"message":"Bad request"}' };
  const { request } = readRequest({ url: '/', method: '-', rawHeaders: [], headers: {}, socket, httpVersion: '1.1' });
  const { status, headers, body } =
    api === undefined ? plain : renderResponse({ api, request }, 'BAD_REQUEST_PARAMETERS');
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' });
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
};

export interface GatewayListener {
  readonly server: Server;
  serve(gateway: Gateway, api: ApiModel): void;
}

export const createListener = (): GatewayListener => {
  let gateway = notReady;
  let model: ApiModel | undefined;
  const server = createServer({
    keepAliveTimeout: 60_000,
    requestTimeout: localLimits.gatewayRequestMs,
    maxHeaderSize: localLimits.gatewayHeaderBytes,
  });
  server.on('request', (request, response) => gateway(request, response));
  server.on('clientError', (thrown: NodeJS.ErrnoException, socket) =>
    refuseUnparsable(thrown, socket as Socket, model),
  );
  return {
    server,
    serve(next, api) {
      gateway = next;
      model = api;
    },
  };
};
