// What a million requests cost, modelled: counted units and measured CPU by the price list (contract/kernel/prices.ts), and the
// assumptions of lib/costs/assumed.ts, which are the same for both. A bill will differ; the ratio is what is looked at.

import { costs, functions } from '../../contract/capabilities.ts';
import type { Cost } from '../../contract/kernel/description.ts';
import { dollarsPerMillion, type Priced, prices } from '../../contract/kernel/prices.ts';
import { assumed, mebibytesPerCore } from '../../lib/costs/assumed.ts';
import type { Exact } from './exact_child.ts';
import type { Bench, Row } from './measure.ts';
import { measureExact, operations, type Request } from './requests.ts';
import { measureWarm } from './warm.ts';

const { memoryMiB } = functions.money;

type Use = Partial<Record<Priced, number>>;

const lambda = (cpuMs: number, serialCalls: number, waitMs = 0): Use => {
  const ms = cpuMs * (mebibytesPerCore / memoryMiB) + serialCalls * assumed.awsCallMs + waitMs;
  // Billed by whole milliseconds.
  return { lambdaGbSecond: (Math.ceil(ms) / 1000) * (memoryMiB / 1024), lambdaRequest: 1 };
};

const database = ({ writeUnits, readUnits }: Exact): Use => ({ writeUnit: writeUnits, readUnit: readUnits });

const around = ({ kmsCalls, secretCalls, logBytes }: Exact): Use => ({
  kmsCall: kmsCalls,
  secretCall: secretCalls,
  logGb: logBytes / 1e9,
});

interface Parts {
  readonly lambda: number;
  readonly database: number;
  readonly 'logs, keys': number;
  readonly 'behind the reply': number;
}

/** `cpu`: microseconds of authorizer and function. */
function parts(authorizer: Exact, request: Exact, cpu: readonly [number, number], behind: readonly Use[]): Parts {
  const dollars = (uses: readonly Use[]): number => uses.reduce((sum, use) => sum + dollarsPerMillion(use), 0);
  return {
    lambda: dollars([lambda(cpu[0] / 1000, authorizer.serialCalls), lambda(cpu[1] / 1000, request.serialCalls)]),
    database: dollars([database(authorizer), database(request)]),
    'logs, keys': dollars([around(authorizer), around(request)]),
    'behind the reply': dollars(behind),
  };
}

const sum = (all: Parts): number => Object.values(all).reduce((total, each) => total + each, 0);

/** Ours: the relay writes audit entries and events, and puts events onto the bus. */
const relayed = ({ behind, events }: Cost): Use[] => [
  { writeUnit: behind, busEvent: events },
  ...Array.from({ length: events / assumed.factsPerBatch }, () => lambda(assumed.relayCpuMs, assumed.relayCalls)),
];

/** The reference: entries and events are in the transaction; a Pipe takes them to the bus. */
const piped = ({ events }: Cost): Use[] => [{ busEvent: events, pipeRequest: events / assumed.factsPerBatch }];

export const dollars: Bench = {
  name: 'dollars',
  about: `$ per million, modelled: measured CPU and ${assumed.awsCallMs} ms an AWS call at ${memoryMiB} MiB, counted units; us-east-1`,
  run: async () => {
    const [exact, warm] = [await measureExact(), await measureWarm()];
    const rowOf = (request: Request): Row => {
      const cost = costs[operations[request]];
      const side = (name: 'ours' | 'typical', behind: readonly Use[]): Parts =>
        parts(exact[name].authorize, exact[name][request], [warm.authorize[name], warm[request][name]], behind);
      const ours = side('ours', relayed(cost));
      const typical = side('typical', piped(cost));
      return {
        name: `${request}: all but the edge`,
        unit: '$',
        ours: sum(ours),
        reference: sum(typical),
        ...(request === 'create' && { target: { of: 'ratio', most: 0.6 } as const }),
        more: {
          ...ours,
          ...Object.fromEntries(Object.entries(typical).map(([what, value]) => [`reference’s ${what}`, value])),
        },
      };
    };
    const same = (name: string, value: number): Row => ({ name, unit: '$', ours: value, reference: value });
    const waiting = dollarsPerMillion({ lambdaGbSecond: (assumed.processorMs / 1000) * (memoryMiB / 1024) });
    return [
      rowOf('create'),
      rowOf('get'),
      same(`apart: waiting ${assumed.processorMs} ms for the processor`, waiting),
      same('apart: API Gateway', prices.gatewayCall.dollars),
      same('apart: WAF', prices.wafRequest.dollars),
    ];
  },
};
