// A process of its own for an attempt under a hostile environment: prints what came of it. Argument: the port that the
// endpoint listens on.

import { connect } from 'node:net';
import { attempt } from '../../../lambdas/webhooks/http/attempt.ts';
import { internet } from '../../../lambdas/webhooks/http/connect.ts';
import { connectionPool } from '../../../lambdas/webhooks/http/connection_pool.ts';

const way = connectionPool({
  ...internet,
  resolve: async () => ['93.184.216.34'],
  dial: () => connect(Number(process.argv[2]), '127.0.0.1'),
});
const url = 'https://hooks.merchant.com/';
console.log(JSON.stringify(await attempt({ url, headers: {}, body: Buffer.from('{}'), deadlineMs: 5_000 }, way)));
