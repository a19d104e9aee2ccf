// The lease of the zone's writer region: one region holds it, renews it, and loses it by time alone; nobody takes what has not
// ended, and nobody writes when what is left could end under the write.

import { describe, expect, it } from 'vitest';
import { variables } from '../../contract/kernel/environment.ts';
import { awsLimits } from '../../contract/kernel/limits.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import { Refusal } from '../../lambdas/kernel/domain/refusal.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { isWriter } from '../../lambdas/kernel/platform/writer.ts';
import { writerOf } from '../../lambdas/kernel/store/writer.ts';
import { writeLease } from '../../lambdas/writer/store.ts';
import { sdkError } from '../kit/aws/answered.ts';
import { environment } from '../kit/aws/environment.ts';
import { home, openZone, second, startMs } from './zone_fixture.ts';

/** Before the end of the lease, by the writer's own clock: from then on it writes no more. */
const stopMs = limits.skewMs + limits.writeMs;

describe('[RES-4] the lease of the writer region', () => {
  it('begins with the zone’s home, which alone may make the first one', async () => {
    const zone = openZone();
    await zone.keep(second);
    expect(await zone.lease()).toBeUndefined();
    await zone.keep(home);
    expect(await zone.lease()).toEqual({
      holder: home,
      epoch: 1,
      until_ms: startMs + limits.leaseMs,
      successor: null,
    });
  });

  it('is renewed by its holder, in the same epoch', async () => {
    const zone = openZone();
    await zone.keep(home);
    zone.advance(60_000);
    expect(await zone.keep(home)).toMatchObject({ holder: home, epoch: 1, until_ms: zone.now() + limits.leaseMs });
    expect(zone.lines).toEqual(['writer_changed']);
  });

  it('is not taken before it has ended, and then in the next epoch', async () => {
    const zone = openZone();
    await zone.keep(home);
    zone.advance(limits.leaseMs - 1);
    expect(await zone.keep(second)).toMatchObject({ holder: home });
    zone.advance(1);
    expect(await zone.keep(second)).toMatchObject({ holder: second, epoch: 2 });
    expect(await zone.keep(home)).toMatchObject({ holder: second, epoch: 2 });
  });

  it('is taken by a run that waits for its end, as soon as it ends', async () => {
    const zone = openZone();
    await zone.keep(home);
    zone.advance(limits.leaseMs - 20_000);
    const after = await zone.keep(second, 0, limits.functionTimeoutMs);
    expect(after).toMatchObject({ holder: second, until_ms: startMs + 2 * limits.leaseMs });
  });

  it('is taken by one of two regions that act at once', async () => {
    const zone = openZone();
    await zone.keep(home);
    zone.advance(limits.leaseMs);
    const read = await zone.lease();
    const next = (holder: string) => ({ holder, epoch: 2, until_ms: zone.now() + limits.leaseMs, successor: null });
    const done = await Promise.all([
      writeLease(zone.process(home), read, next(home)),
      writeLease(zone.process(second), read, next(second)),
    ]);
    expect(done.filter(Boolean)).toHaveLength(1);
  });

  it('is looked at again where both regions wrote it at once, and where the table did not answer', async () => {
    const zone = openZone();
    await zone.keep(home);
    const errors = [
      sdkError('ReplicatedWriteConflictException', 'Another region writes it.'),
      sdkError('InternalServerError', 'It failed.', { status: 500 }),
    ];
    zone.faults.before = ({ operation }) => {
      if (operation !== 'PutItem') return;
      const error = errors.shift();
      if (error) throw error;
    };
    zone.advance(60_000);
    expect(await zone.keep(home, 0, limits.functionTimeoutMs)).toMatchObject({ until_ms: zone.now() + limits.leaseMs });
    expect(zone.lines).toContain('lease_failed');
  });

  it('that its holder has handed over is renewed no more, and goes to the other region when it ends, no sooner', async () => {
    const zone = openZone();
    const held = await zone.keep(home);
    if (held === undefined) throw new Error('there is no lease');
    await writeLease(zone.process(home), held, { ...held, successor: second });
    zone.advance(60_000);
    expect(await zone.keep(home)).toMatchObject({ until_ms: held.until_ms });
    expect(await zone.keep(second)).toMatchObject({ holder: home });
    zone.advance(limits.leaseMs - 60_000);
    expect(await zone.keep(second)).toMatchObject({ holder: second, epoch: 2, successor: null });
  });
});

describe('[RES-4] a process of the writer region', () => {
  it('asks for the lease once, and again only near its end', async () => {
    const zone = openZone();
    await zone.keep(home);
    const { writer } = zone.process(home);
    zone.calls.length = 0;
    for (let each = 0; each < 5; each += 1) {
      expect(await writer.epoch()).toBe(1);
      zone.advance(30_000);
    }
    expect(zone.calls).toHaveLength(1);
    await zone.keep(home);
    zone.calls.length = 0;
    zone.advance(11_000);
    expect(await writer.epoch()).toBe(1);
    expect(zone.calls).toHaveLength(1);
  });

  it('stops when what is left of the lease is the bound on clocks and what a write may take', async () => {
    const zone = openZone();
    await zone.keep(home);
    const { writer } = zone.process(home);
    zone.advance(limits.leaseMs - stopMs - 1);
    expect(await writer.epoch()).toBe(1);
    zone.advance(1);
    await expect(writer.epoch()).rejects.toThrow(
      new Refusal('region_standby', { retryAfterSeconds: limits.standbyRetrySeconds }),
    );
    expect(await isWriter(writer)).toBe(false);
    expect(await writer.holder()).toBeNull();
  });

  it('has no write under way, by its own slow clock, when the other region’s fast one lets that take over', async () => {
    const zone = openZone();
    const slow = -limits.skewMs;
    await zone.keep(home, slow);
    const { writer } = zone.process(home, slow);
    const before = await zone.lease();
    let lastWriteMs = 0;
    for (let seen = before; seen?.holder === home; zone.advance(500)) {
      if (await isWriter(writer)) lastWriteMs = zone.now();
      seen = await zone.keep(second);
    }
    expect(lastWriteMs).toBeGreaterThan(0);
    expect(lastWriteMs + limits.writeMs).toBeLessThanOrEqual(zone.now());
  });

  it('writes for no longer than it was given: every attempt of a call, and the pauses between them', () => {
    const attemptMs = awsLimits.connectMs + awsLimits.requestMs;
    // The SDK's standard mode pauses for up to 100 ms, or 500 ms after a throttle, times 2 to the number of the attempt (known).
    const pausesMs = 1_000 + 2_000;
    expect(limits.writeMs).toBeGreaterThanOrEqual(awsLimits.attempts * attemptMs + pausesMs);
  });

  it('does not ask for each request where another region is the writer, and finds out soon that it has become it', async () => {
    const zone = openZone();
    await zone.keep(home);
    const { writer } = zone.process(second);
    zone.calls.length = 0;
    for (let each = 0; each < 10; each += 1) expect(await isWriter(writer)).toBe(false);
    expect(await writer.holder()).toBe(home);
    expect(zone.calls).toHaveLength(1);
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    expect(await writer.epoch()).toBe(2);
  });

  it('is none where there is no lease, or none that can be read', async () => {
    const zone = openZone();
    expect(await isWriter(zone.process(home).writer)).toBe(false);
    zone.aws.answer({
      service: 'dynamodb',
      operation: 'PutItem',
      input: { TableName: 'writer', Item: { pk: { S: 'lease' }, sk: { S: 'writer' }, holder: { S: home } } },
    });
    await expect(isWriter(zone.process(home).writer)).rejects.toThrow('does not fit its schema');
  });
});

describe('[RES-4] a region whose stage has no lease', () => {
  const writerIn = (mode: string) => {
    const { config, ...platform } = openZone().process(second);
    return writerOf({
      ...platform,
      config: { region: second, zone: 'us', table: config.table, writer: mode as 'lease' },
    });
  };

  it('takes writes, or never does, as its configuration says', async () => {
    expect(await writerIn('configured').epoch()).toBe(1);
    expect(await writerIn('configured').holder()).toBe(second);
    expect(await isWriter(writerIn('standby'))).toBe(false);
    expect(await writerIn('standby').holder()).toBe(home);
  });

  it.each([undefined, '', 'true'])('is no region of ours where the configuration says %s', (writer) => {
    const variablesOf = { ...environment('writing', 'http://127.0.0.1:1'), [variables.writer]: writer };
    expect(() => readConfig(variablesOf).writer).toThrow(variables.writer);
  });
});

describe('[RES-4] the bounds of the lease', () => {
  it('leave a minute of it when two starts of the schedule lie two minutes apart', () => {
    expect(limits.leaseMs - 2 * limits.everyMinutes * 60_000).toBeGreaterThanOrEqual(60_000);
    expect(stopMs).toBeLessThan(60_000);
  });
});
