// Reads a request's body up to a bound. A client that goes away in the middle is an error, not a short body.

import type { IncomingMessage } from 'node:http';

/** How much of an oversized body is read and thrown away, so that its sender gets to read the refusal. */
const discarded = 4;

export const readBody = (request: IncomingMessage, limitBytes: number): Promise<Buffer | 'too large'> =>
  new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > discarded * limitBytes) return resolve('too large');
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
      else chunks = [];
      if (bytes > discarded * limitBytes) resolve('too large');
    });
    request.on('end', () => resolve(bytes > limitBytes ? 'too large' : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
