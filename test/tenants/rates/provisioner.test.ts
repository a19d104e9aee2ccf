// The usage key provisioner: whatever fails however often, each new tenant ends with one key per mode and class, each in its own plan,
// and nobody else gets any.

import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { variables } from '../../../contract/kernel/environment.ts';
import { rateName, rates, usageKey, usageKeyLimits } from '../../../contract/kernel/rates.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { type ProvisionerHandler, provisioner } from '../../../lambdas/tenants/usage_keys/provisioner.ts';
import { type ControlPlane, type Fate, openControlPlane } from './control_plane.ts';

const place = { stage: 'test', zone: 'us' } as const;
let plane: ControlPlane;
let nowMs: number;
let lines: { message: string; fields: object }[];
let provision: ProvisionerHandler;

beforeEach(async () => {
  plane = await openControlPlane();
  nowMs = 0;
  lines = [];
  provision = provisioner({
    clock: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
    apiGateway: plane.client,
    config: readConfig({
      [variables.stage]: place.stage,
      [variables.zone]: place.zone,
      [variables.usagePlans]: JSON.stringify(plane.plans),
    }),
    log: (message, fields) => lines.push({ message, fields }),
  });
});
afterEach(() => plane.stop());

const tenantOf = (letter: string): string => `ten_us_${letter.repeat(26)}`;
const [anna, bert, carl] = [tenantOf('a'), tenantOf('b'), tenantOf('c')];

/** A record as the tenants table's stream tells it. */
const record = (
  sequence: number,
  tenant: string,
  type = 'tenant.created',
  origin = 'us-east-1',
  before?: object,
): DynamoDBRecord => {
  const text = (S: string) => ({ S });
  const actor = { M: { kind: text('operator'), id: text('opr_us_x') } };
  const image = {
    pk: text(tenant),
    sk: text('tenant'),
    id: text(tenant),
    origin_region: text(origin),
    fact: {
      M: {
        id: text(`fct_us_${sequence}`),
        type: text(type),
        aggregate_type: text('tenant'),
        aggregate_id: text(tenant),
        sequence: { N: '1' },
        previous: { NULL: true },
        tenant: text(tenant),
        mode: text('live'),
        actor,
        on_behalf_of: { NULL: true },
        request_id: text('req-1'),
        at: text('2026-11-01T00:00:00.000Z'),
        address: { NULL: true },
      },
    },
  };
  const NewImage = image as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];
  return { dynamodb: { SequenceNumber: String(sequence), NewImage, ...before } } as DynamoDBRecord;
};

const run = (records: DynamoDBRecord[], remainingMs = 60_000) =>
  provision({ Records: records }, { getRemainingTimeInMillis: () => remainingMs });
const failedAt = (...sequences: string[]) => ({
  batchItemFailures: sequences.map((itemIdentifier) => ({ itemIdentifier })),
});

/** `value -> plan` of all keys that there are. */
const made = (): string[] => plane.keys.named('').map(({ value, planId }) => `${value} -> ${planId}`);
const wanted = (...tenants: string[]): string[] =>
  tenants.flatMap((tenant) =>
    rates.map((rate) => `${usageKey(place, tenant, rate)} -> ${plane.plans[rateName(rate)]}`),
  );

describe('[API-2] a new tenant', () => {
  it('gets a key per mode and class, in the plan of that mode and class', async () => {
    expect(await run([record(1, anna), record(2, bert)])).toEqual(failedAt());
    expect(made()).toEqual(wanted(anna, bert));
    for (const rate of rates) {
      const limit = plane.keys.limitOf(usageKey(place, anna, rate));
      expect(limit?.throttle).toEqual({ rate: rate.requestsPerSecond, burst: rate.burstRequests });
    }
    expect(lines).toEqual([{ message: 'usage_keys_made', fields: { count: 2 } }]);
  });

  it('gets nothing twice, however often it is told of', async () => {
    for (let times = 0; times < 3; times += 1) expect(await run([record(1, anna)])).toEqual(failedAt());
    expect(made()).toEqual(wanted(anna));
  });

  it('is served wherever it was made: each region of a zone has keys of its own', async () => {
    await run([record(1, anna, 'tenant.created', 'us-west-2')]);
    expect(made()).toEqual(wanted(anna));
  });

  it('is still served after a restart', async () => {
    await run([record(1, anna)]);
    const keys = await plane.reopened();
    expect(keys.named('').map(({ value, planId }) => `${value} -> ${planId}`)).toEqual(wanted(anna));
  });

  it('is all that is served: other facts, old facts and removals make no key', async () => {
    const again = record(3, anna);
    const records = [
      record(1, anna, 'tenant.updated'),
      record(2, anna, 'key.created'),
      { ...again, dynamodb: { ...again.dynamodb, OldImage: again.dynamodb?.NewImage } } as DynamoDBRecord,
      { dynamodb: { SequenceNumber: '4', OldImage: again.dynamodb?.NewImage } } as DynamoDBRecord,
    ];
    expect(await run(records)).toEqual(failedAt());
    expect(plane.asked).toEqual([]);
  });
});

describe('[API-2] what fails', () => {
  it('is told to the stream, with all that comes after it; what came before is done', async () => {
    let calls = 0;
    plane.fate = () => {
      calls += 1;
      return calls > 2 * rates.length + 3 ? 'refused' : 'answered';
    };
    expect(await run([record(1, anna), record(2, bert), record(3, carl)])).toEqual(failedAt('2'));
    expect(made().slice(0, rates.length)).toEqual(wanted(anna));
    expect(lines.at(-1)).toEqual({
      message: 'usage_keys_failed',
      fields: { tenant: bert, defect: 'TooManyRequestsException' },
    });
    plane.fate = () => 'answered';
    expect(await run([record(2, bert), record(3, carl)])).toEqual(failedAt());
    expect(made().sort()).toEqual(wanted(anna, bert, carl).sort());
  });

  it('comes right in the end, wherever it failed, and whether or not the call had happened', async () => {
    const fate = fc.constantFrom<Fate>('answered', 'answered', 'answered', 'refused', 'lost');
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 60 }), async (fates) => {
        const left = [...fates];
        runs += 1;
        const tenant = tenantOf('defghijklmnopqrstuvwxyz'.charAt(runs % 23));
        plane.fate = () => left.shift() ?? 'answered';
        for (let tries = 0; tries < 100; tries += 1) {
          if ((await run([record(1, tenant)])).batchItemFailures.length === 0) break;
        }
        expect(
          made()
            .filter((line) => line.includes(tenant.replaceAll('_', '-')))
            .sort(),
        ).toEqual(wanted(tenant).sort());
      }),
      { numRuns: 20 },
    );
  });

  it('waits for its next turn rather than being cut off in the middle', async () => {
    expect(await run([record(1, anna)], usageKeyLimits.reserveMs - 1)).toEqual(failedAt('1'));
    expect(plane.asked).toEqual([]);
  });

  it('includes a record that nobody can read', async () => {
    const broken = record(1, anna);
    const image = broken.dynamodb?.NewImage as Record<string, unknown>;
    image.fact = { M: { id: { S: 'fct_us_1' } } };
    expect(await run([broken, record(2, bert)])).toEqual(failedAt('1'));
  });
});

describe('the control plane', () => {
  it('is asked for nothing but keys, and keys into plans of ours', async () => {
    await run([record(1, anna)]);
    await run([record(1, anna)]);
    const prefix = 'arn:aws:apigateway:us-east-1::';
    expect([...new Set(plane.asked)].sort()).toEqual(
      [
        `apigateway:GET ${prefix}/apikeys`,
        `apigateway:POST ${prefix}/apikeys`,
        ...Object.values(plane.plans).map((id) => `apigateway:POST ${prefix}/usageplans/${id}/keys`),
      ].sort(),
    );
  });

  it('is asked for fewer than 5 new keys a second, which is all that an account may', async () => {
    const at: number[] = [];
    plane.fate = (operation) => {
      if (operation === 'CreateApiKey') at.push(nowMs);
      return 'answered';
    };
    await run([record(1, anna), record(2, bert)]);
    expect(at).toHaveLength(2 * rates.length);
    for (const from of at) expect(at.filter((each) => each >= from && each < from + 1_000).length).toBeLessThan(5);
  });

  it('a batch of new tenants is done within the function’s time', () => {
    const perTenantMs = rates.length * usageKeyLimits.createEveryMs;
    expect(10 * perTenantMs).toBeLessThan(60_000 - usageKeyLimits.reserveMs);
    expect(perTenantMs).toBeLessThan(usageKeyLimits.reserveMs);
  });
});
