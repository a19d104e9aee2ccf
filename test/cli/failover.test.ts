// `strongroom failover`: the lease is handed over by one write over the row that was shown, whichever region answers, whoever else is
// at it, and whatever this machine's clock says; and it is written down who asked.

import type { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { Usage } from '../../cli/command_line.ts';
import { setSuccessor } from '../../cli/failover/change.ts';
import { failoverCommand } from '../../cli/failover/command.ts';
import { type FailoverRequest, failover, type Terminal } from '../../cli/failover/failover.ts';
import { type LeaseAccess, leaseAccess, NoAnswer } from '../../cli/failover/lease_access.ts';
import { planOf } from '../../cli/failover/plan.ts';
import { type FailoverZone, zoneInAws } from '../../cli/failover/zone.ts';
import type { WriterLease } from '../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { sdkError } from '../kit/aws/answered.ts';
import { home, openZone, second, type ZoneFixture } from '../writer/zone_fixture.ts';
import { type Answers, readyAccount, startAwsStub } from './aws_stub.ts';
import { runToEnd, tooWide } from './command_run.ts';

const regions = [home, second] as const;
const minuteMs = 60_000;

/** Of one operator. `down`: regions whose DynamoDB does not answer. */
function accessOf(zone: ZoneFixture, down: ReadonlySet<string> = new Set()): LeaseAccess {
  const reached = regions.map((region) => {
    const { config, dynamodb } = zone.process(region);
    const client: DynamoDBClient = Object.create(dynamodb, {
      send: {
        value: (command: GetItemCommand) =>
          down.has(region) ? Promise.reject(new Error('no answer')) : dynamodb.send(command),
      },
    });
    return { region, config, dynamodb: client };
  });
  return leaseAccess(reached, async () => {});
}

interface Setting {
  readonly down?: ReadonlySet<string>;
  readonly silent?: readonly string[];
  /** Of the lease function, in both regions. */
  readonly alarms?: readonly string[] | null;
  readonly clockAheadMs?: number;
  /** The regions whose lease functions run. */
  readonly alive?: readonly string[];
  readonly typed?: string;
  readonly request?: Partial<FailoverRequest>;
  readonly actor?: string;
  readonly around?: (lease: LeaseAccess) => LeaseAccess;
}

/** Runs the command; while it waits seconds pass, and each minute the lease functions run. */
async function run(zone: ZoneFixture, setting: Setting = {}) {
  const { alive = regions, silent = [], alarms = [], clockAheadMs = 0, around = (lease) => lease } = setting;
  const said: string[] = [];
  const terminal: Terminal = {
    say: (line) => void said.push(line),
    ask: async () => setting.typed ?? '',
    async sleep(ms) {
      const minute = Math.floor(zone.now() / minuteMs);
      zone.advance(ms);
      if (Math.floor(zone.now() / minuteMs) > minute) for (const region of alive) await zone.keep(region);
    },
    elapsedMs: zone.now,
  };
  const reached: FailoverZone = {
    title: 'production us',
    regions,
    lease: around(accessOf(zone, setting.down)),
    actor: setting.actor ?? 'deployer',
    health: async (region) => ({ answers: !silent.includes(region), alarms }),
    now: async () => zone.now() + clockAheadMs,
  };
  const asked = {
    request: { kind: 'hand over', to: undefined },
    statusOnly: false,
    yes: true,
    evenIfUnhealthy: false,
  } as const;
  const failed = await failover(reached, terminal, { ...asked, ...setting.request }).then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  return { said: said.join('\n'), failed };
}

async function started(): Promise<ZoneFixture> {
  const zone = openZone();
  await zone.keep(home);
  return zone;
}

const leaseOf = async (zone: ZoneFixture): Promise<WriterLease> => {
  const lease = await zone.lease();
  if (lease === undefined) throw new Error('there is no lease');
  return lease;
};

/** By outcome: entries of one millisecond have no order. */
const trail = (zone: ZoneFixture): (string | undefined)[][] =>
  [...zone.aws.database.items('audit')]
    .map(({ action, outcome, target, actor }) => [outcome?.S, action?.S, target?.S, actor?.M?.id?.S])
    .sort();

describe('[RES-4] a hand-over', () => {
  it('goes to the region that does not write, says how long nobody wrote, and goes back in the same way', async () => {
    const zone = await started();
    const there = await run(zone);
    expect(there.failed).toBeUndefined();
    expect(await zone.lease()).toMatchObject({ holder: second, epoch: 2, successor: null });
    const pause = Number(/For (\d+) s no region took writes/.exec(there.said)?.[1]);
    expect(pause).toBeGreaterThanOrEqual((limits.skewMs + limits.writeMs) / 1_000);
    expect(pause).toBeLessThanOrEqual(80);
    expect(await run(zone)).toMatchObject({ failed: undefined });
    expect(await zone.lease()).toMatchObject({ holder: home, epoch: 3, successor: null });
  });

  it('leaves the end of the lease as it was, whatever the clock of this machine says', async () => {
    for (const clockAheadMs of [-3_600_000, 0, 3_600_000]) {
      const zone = await started();
      const before = await leaseOf(zone);
      zone.faults.before = ({ operation, input }) => {
        const { successor, until_ms } = (input as { Item?: Record<string, { S?: string; N?: string }> }).Item ?? {};
        if (operation === 'PutItem' && successor?.S === second) expect(Number(until_ms?.N)).toBe(before.until_ms);
      };
      expect((await run(zone, { clockAheadMs })).failed).toBeUndefined();
      expect(await zone.lease()).toMatchObject({ holder: second, epoch: 2 });
    }
  });

  it.each([home, second])('needs no answer of DynamoDB in %s', async (region) => {
    const zone = await started();
    expect((await run(zone, { down: new Set([region]) })).failed).toBeUndefined();
    expect(await zone.lease()).toMatchObject({ holder: second });
  });

  it('is written over a lease that was renewed while the operator read, and shortens nothing', async () => {
    const zone = await started();
    const shown = await leaseOf(zone);
    zone.advance(minuteMs);
    await zone.keep(home);
    const renewed = await leaseOf(zone);
    expect(await setSuccessor(accessOf(zone), shown, second, async () => {})).toEqual({
      ...renewed,
      successor: second,
    });
  });

  it('is refused where another tenure began since: an old row acts on nothing', async () => {
    const zone = await started();
    const shown = await leaseOf(zone);
    await run(zone);
    await run(zone);
    const now = await leaseOf(zone);
    expect(now.holder).toBe(shown.holder);
    await expect(setSuccessor(accessOf(zone), shown, second, async () => {})).rejects.toThrow(/nothing was written/);
    expect(await leaseOf(zone)).toEqual(now);
  });

  it('of two operators at once is one, and both see it come through', async () => {
    const zone = await started();
    const both = await Promise.all([run(zone, { actor: 'one' }), run(zone, { actor: 'two' })]);
    expect(both.map(({ failed }) => failed)).toEqual([undefined, undefined]);
    expect(await zone.lease()).toMatchObject({ holder: second, epoch: 2 });
  });

  it('whose answer is lost is looked up', async () => {
    const zone = await started();
    const lease = accessOf(zone);
    let lost = 0;
    const losing: LeaseAccess = {
      ...lease,
      async write(...args) {
        await lease.write(...args);
        lost += 1;
        throw new Error('no answer');
      },
    };
    const shown = await leaseOf(zone);
    expect(await setSuccessor(losing, shown, second, async () => {})).toEqual({ ...shown, successor: second });
    expect(lost).toBe(1);
  });

  it('is given up as unknown, not as undone, where no region answers after the write', async () => {
    const zone = await started();
    const { failed } = await run(zone, {
      around: (lease) => {
        let wrote = false;
        return {
          ...lease,
          read: () => (wrote ? Promise.reject(new NoAnswer('a, b')) : lease.read()),
          async write(...args) {
            wrote = true;
            await lease.write(...args);
            throw new NoAnswer('a, b');
          },
        };
      },
    });
    expect(failed).toMatch(/Whether the lease was changed is not known: --status/);
    expect(trail(zone).map(([outcome]) => outcome)).toEqual(['failed', 'requested']);
    expect((await run(zone)).said).toContain('is under way: nothing is written');
  });

  it('that its command did not live to see is watched by the next one, which writes nothing', async () => {
    const zone = await started();
    await setSuccessor(accessOf(zone), await leaseOf(zone), second, async () => {});
    const again = await run(zone, { typed: 'nothing', request: { yes: false } });
    expect([again.failed, trail(zone)]).toEqual([undefined, []]);
    expect(again.said).toContain('under way');
    expect(await zone.lease()).toMatchObject({ holder: second, epoch: 2 });
  });

  it('is watched on while DynamoDB answers in neither region', async () => {
    const zone = await started();
    let failing = 3;
    const { failed, said } = await run(zone, {
      around: (lease) => {
        let wrote = false;
        return {
          ...lease,
          async write(...args) {
            wrote = await lease.write(...args);
            return wrote;
          },
          async read() {
            failing -= Number(wrote);
            if (wrote && failing >= 0) throw new NoAnswer('a, b');
            return lease.read();
          },
        };
      },
    });
    expect(failed).toBeUndefined();
    expect(failing).toBeLessThan(0);
    expect(said).toContain('DynamoDB does not answer in either region');
    expect(await zone.lease()).toMatchObject({ holder: second });
  });

  it('that another operator takes back ends the command that watches it', async () => {
    const zone = await started();
    const other = accessOf(zone);
    let looks = 0;
    const { failed } = await run(zone, {
      around: (lease) => ({
        ...lease,
        async read() {
          looks += 1;
          if (looks === 4) await setSuccessor(other, await leaseOf(zone), null, async () => {});
          return lease.read();
        },
      }),
    });
    expect(failed).toMatch(/was taken back meanwhile/);
    expect(await zone.lease()).toMatchObject({ holder: home, successor: null });
  });

  it('that does not come through is said so, with what to do', async () => {
    const zone = await started();
    const { failed } = await run(zone, { alive: [home] });
    expect(failed).toMatch(/us-west-2 has not taken the lease.*docs\/runbooks\/writer_lease-stopped\.md.*--withdraw/s);
    expect(await zone.lease()).toMatchObject({ holder: home, successor: second });
    expect((await run(zone, { request: withdraw })).failed).toBeUndefined();
    await zone.keep(home);
    expect((await leaseOf(zone)).until_ms).toBe(zone.now() + limits.leaseMs);
  });
});

const withdraw = { request: { kind: 'withdraw' } } as const;

describe('[RES-4] a withdrawal', () => {
  it('leaves the lease with its holder, which renews it', async () => {
    const zone = await started();
    const lease = accessOf(zone);
    await setSuccessor(lease, await leaseOf(zone), second, async () => {});
    expect((await run(zone, { request: withdraw })).failed).toBeUndefined();
    zone.advance(limits.leaseMs);
    await zone.keep(home);
    await zone.keep(second);
    expect(await zone.lease()).toMatchObject({ holder: home, epoch: 1, successor: null });
  });

  it('comes too late once the other region has taken the lease', async () => {
    const zone = await started();
    const lease = accessOf(zone);
    const handed = await setSuccessor(lease, await leaseOf(zone), second, async () => {});
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    await expect(setSuccessor(lease, handed, null, async () => {})).rejects.toThrow(/us-west-2 holds it, epoch 2/);
    expect((await run(zone, { request: withdraw })).said).toContain('nothing to withdraw');
    expect(await zone.lease()).toMatchObject({ holder: second, successor: null });
  });

  it('is not undone by a write of the hand-over that arrives after it', async () => {
    const zone = await started();
    const lease = accessOf(zone);
    const shown = await leaseOf(zone);
    await setSuccessor(lease, shown, second, async () => {});
    const withdrawn = await setSuccessor(lease, { ...shown, successor: second }, null, async () => {});
    expect(await lease.write(shown, { ...shown, successor: second })).toBe(false);
    expect(await zone.lease()).toEqual(withdrawn);
    expect(withdrawn.until_ms).toBeGreaterThanOrEqual(shown.until_ms);
  });
});

describe('nothing is changed', () => {
  const unchanged = async (setting: Setting, words: RegExp, zone?: ZoneFixture): Promise<void> => {
    const at = zone ?? (await started());
    const before = await at.lease();
    const { failed, said } = await run(at, setting);
    expect(`${failed ?? ''}\n${said}`).toMatch(words);
    expect([await at.lease(), trail(at)]).toEqual([before, []]);
  };
  const to = (region: string) => ({ request: { kind: 'hand over', to: region } }) as const;

  it('by a look at the state', () => unchanged({ request: { statusOnly: true } }, /writer\s+us-east-1, epoch 1/));
  it.each(['', 'yes', 'us-east-1'])('where %j is typed instead of the region that is to write', (typed) =>
    unchanged({ typed, request: { yes: false } }, /Nothing was changed/),
  );
  it('where the region that is to write has the lease', () =>
    unchanged({ request: to(home) }, /us-east-1 is the writer already/));
  it('where another region is named than the zone has', () =>
    unchanged({ request: to('us-east-2') }, /us-east-2 is no region of the zone/));
  it('where nothing can be withdrawn', () => unchanged({ request: withdraw }, /nothing to withdraw/));
  it('where the other region does not answer, unless that is said to be known', async () => {
    await unchanged({ silent: [second] }, /us-west-2 does not answer.*nothing was handed over.*--even-if-unhealthy/s);
    const zone = await started();
    expect((await run(zone, { silent: regions, request: { evenIfUnhealthy: true } })).failed).toBeUndefined();
    expect(await zone.lease()).toMatchObject({ holder: second });
  });
  it('where an alarm of the function that would take the lease is on; one that is unknown stops nobody', async () => {
    await unchanged({ alarms: ['writer_lease-stopped'] }, /would not take the lease: writer_lease-stopped is on there/);
    const zone = await started();
    const { failed, said } = await run(zone, { alarms: null });
    expect([failed, said]).toEqual([undefined, expect.stringContaining('answers, alarms unknown')]);
  });
  it('where the region that is left does not answer: it is the reason to leave it, and no obstacle', async () => {
    const zone = await started();
    expect((await run(zone, { silent: [home] })).failed).toBeUndefined();
  });
  it('where there is no lease', () => unchanged({}, /There is no lease/, openZone()));
  it('where no region’s DynamoDB answers', () =>
    unchanged({ down: new Set(regions) }, /can't be read in either region.*nothing was done/));
  it('where the other direction is under way', async () => {
    const zone = await started();
    await setSuccessor(accessOf(zone), await leaseOf(zone), second, async () => {});
    await unchanged({ request: to(home) }, /from us-east-1 to us-west-2 is under way. --withdraw/, zone);
  });
  it('where the audit entry can’t be written', async () => {
    const zone = await started();
    zone.faults.before = ({ operation }) => {
      if (operation === 'BatchExecuteStatement') throw sdkError('InternalServerError', 'It failed.', { status: 500 });
    };
    await unchanged({}, /audit entry can't be written.*nothing was changed/, zone);
  });
  it('where the row names a region that is none of the zone', () => {
    const lease = { holder: 'eu-west-1', epoch: 1, until_ms: 1, successor: null };
    expect(() => planOf(lease, regions, { kind: 'hand over', to: second })).toThrow(/eu-west-1, which is none of/);
  });
});

describe('the audit trail of the platform', () => {
  it('says who asked for what, and what became of it', async () => {
    const zone = await started();
    await run(zone, { actor: 'arn:aws:iam::111111111111:user/ops' });
    const rest = ['writer/hand_over', second, 'arn:aws:iam::111111111111:user/ops'];
    expect(trail(zone)).toEqual([
      ['committed', ...rest],
      ['requested', ...rest],
    ]);
  });
});

describe('the command', () => {
  const alarmXml = (name: string, state: string): string =>
    `<member><AlarmName>strongroom-production-us-writer_lease-${name}</AlarmName><StateValue>${state}</StateValue></member>`;
  const endpointsOf = (origin: string): Answers => ({
    ...readyAccount,
    'cloudformation DescribeStacks': ({ region }) =>
      `<member><OutputKey>apiEndpoint9</OutputKey><OutputValue>${origin}/${region}/</OutputValue></member>`,
    ' /us-east-1/health': { region: 'us-east-1' },
    'monitoring DescribeAlarms': ({ region }) =>
      region === 'us-east-1'
        ? ['failing', 'stopped'].map((name) => alarmXml(name, name === 'failing' ? 'ALARM' : 'OK')).join('')
        : alarmXml('failing', 'OK'),
    // The address leads to the other region.
    ' /us-west-2/health': { region: 'us-east-1' },
    'dynamodb GetItem': ({ region, body }) =>
      region === 'us-east-1'
        ? { status: 500, body: '{"__type":"com.amazonaws#InternalServerError"}' }
        : {
            Item: body.includes('strongroom-production-us-writer') && {
              ...{ pk: { S: 'lease' }, sk: { S: 'writer' }, holder: { S: 'us-east-1' }, epoch: { N: '7' } },
              ...{ until_ms: { N: String(Date.now() + 100_000) }, successor: { NULL: true } },
            },
          },
  });
  const failoverOf = async (args: readonly string[], answers: Answers = {}) => {
    const own: { endpoint?: string } = {};
    const stub = await startAwsStub(
      new Proxy(answers, { get: (more, name: string) => more[name] ?? endpointsOf(own.endpoint ?? '')[name] }),
    );
    own.endpoint = stub.endpoint;
    const environment = {
      ...{ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' },
      STRONGROOM_ENDPOINT: stub.endpoint,
    };
    try {
      const ended = await runToEnd(['failover', ...args], { environment });
      return { ...ended, writes: stub.asked.filter(({ what }) => /Put|Update|Execute/.test(what)) };
    } finally {
      await stub.close();
    }
  };

  it('shows the state of a zone in AWS through the region that answers, and believes no address that leads elsewhere', async () => {
    const { code, output, errors } = await failoverOf(['production', 'us', '--status']);
    expect([code, errors]).toEqual([0, '']);
    expect(output).toContain('production us, account 111111111111');
    expect(output).toMatch(/writer +us-east-1, epoch 7/);
    expect(output).toMatch(/lease +ends in \d+ s, and is renewed every minute/);
    expect(output).toMatch(/us-east-1 +home, answers, alarm: writer_lease-failing\n/);
    expect(output).toMatch(/us-west-2 +second, does not answer, alarms unknown\n/);
    expect(tooWide(output)).toEqual([]);
  });

  it('hands nothing over to a region that does not answer', async () => {
    const { code, errors, writes } = await failoverOf(['production', 'us', '--to', 'us-west-2', '--yes']);
    expect([code, writes]).toEqual([1, []]);
    expect(errors).toContain('us-west-2 does not answer by its page /health: nothing was handed over');
  });

  it('does nothing with credentials of an account that has no such table, or that nobody answers for', async () => {
    const refused = (name: string) => ({ status: 400, body: `{"__type":"com.amazonaws#${name}"}` });
    const foreign = await failoverOf(['production', 'us', '--to', 'us-west-2', '--yes'], {
      'dynamodb GetItem': refused('ResourceNotFoundException'),
    });
    expect([foreign.code, foreign.writes]).toEqual([1, []]);
    expect(foreign.errors).toMatch(/us-east-1: ResourceNotFoundException.*right account's credentials/);
    const unknown = await failoverOf(['production', 'us', '--to', 'us-west-2', '--yes'], {
      'sts GetCallerIdentity': refused('ExpiredToken'),
    });
    expect([unknown.code, unknown.writes]).toEqual([1, []]);
    expect(unknown.errors).toMatch(/STS does not say whose credentials these are \(ExpiredToken\): nothing was done/);
  });

  it('does nothing with credentials of another account than the configuration names', async () => {
    const stub = await startAwsStub(readyAccount);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('STRONGROOM_ENDPOINT', stub.endpoint);
    const production = referenceConfig.stages.production;
    if (production === undefined) throw new Error('production is missing');
    const deployment = homeOf('production', production, 'us');
    const zoneConfig = { ...deployment.zoneConfig, account: '222222222222' };
    try {
      await expect(zoneInAws({ ...deployment, zoneConfig })).rejects.toThrow(
        /are of account 111111111111, and production us belongs to 222222222222/,
      );
      expect(stub.asked.map(({ what }) => what)).toEqual(['GetCallerIdentity']);
    } finally {
      vi.unstubAllEnvs();
      await stub.close();
    }
  });

  it.each<[readonly string[], RegExp]>([
    [['sandbox', 'us'], /Stage sandbox runs the zone us in us-east-1 alone/],
    [['production', 'mars'], /Stage production has no zone mars/],
    [['production'], /takes a stage and a zone/],
    [['production', 'us', 'now'], /Unknown word: now/],
    [['production', 'us', '--yes'], /--yes needs --to REGION/],
    [['production', 'us', '--withdraw', '--to', 'us-west-2'], /leave out --to/],
    [['--state', '/nowhere'], /no local cloud in|older than this command/],
  ])('%j is refused in one sentence', async (args, words) => {
    const failed = failoverCommand(args);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.toBeInstanceOf(Usage);
  });
});
