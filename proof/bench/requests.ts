// What one warm request of ours and of the reference asks of AWS, counted exactly on AWS in memory.

import { costs } from '../../contract/capabilities.ts';
import { childResult } from './children.ts';
import type { Exact, Exacts } from './exact_child.ts';
import { type Bench, type Row, shared } from './measure.ts';

export const measureExact = shared(
  async () => (await childResult(['proof/bench/exact_child.ts'], {}, 60_000)) as Exacts,
);

export type Request = 'create' | 'get';
export const operations = { create: 'payments/create', get: 'payments/get' } as const;

const callsTarget: Readonly<Record<Request, number>> = { create: 2, get: 1 };

export const calls: Bench = {
  name: 'calls',
  about: 'what one warm request asks of AWS, counted; without the authorizer unless it says so',
  run: async () => {
    const { ours, typical } = await measureExact();
    const rowsOf = (request: Request): Row[] => {
      const own = ours[request];
      const reference = typical[request];
      const behind = costs[operations[request]].behind;
      const row = (name: string, unit: Row['unit'], what: keyof Exact, target?: Row['target']): Row => {
        const values = { ours: own[what], reference: reference[what] };
        return { name: `${request}: ${name}`, unit, ...values, ...(target && { target }) };
      };
      return [
        row('AWS calls, one after the other', 'calls', 'serialCalls', { of: 'ours', most: callsTarget[request] }),
        row('AWS calls', 'calls', 'calls'),
        {
          name: `${request}: write units, with what follows behind`,
          unit: 'units',
          ours: own.writeUnits + behind,
          reference: reference.writeUnits,
          ...(request === 'create' && { target: { of: 'ratio', most: 0.6 } as const }),
          more: { 'behind the reply': behind },
        },
        row('read units', 'units', 'readUnits'),
        row('KMS calls', 'calls', 'kmsCalls', { of: 'ours', most: 0.001 }),
        row('log', 'bytes', 'logBytes'),
      ];
    };
    const authorizer: Row = {
      name: 'authorizer: AWS calls, one after the other',
      unit: 'calls',
      ours: ours.authorize.serialCalls,
      reference: typical.authorize.serialCalls,
    };
    return [authorizer, ...rowsOf('create'), ...rowsOf('get')];
  },
};
