// What moves clients to the other region: an alarm over what a canary logs, and the address that follows it.

import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFront, type Front } from '../../local/cloud/front.ts';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { watchAlarm } from '../../local/cloudwatch/alarm.ts';
import { listen, loopback } from '../../local/host/ports.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const metric = { Namespace: 'Strongroom/production/us', MetricName: 'peer_answered' };
const filter = (more: object = {}) =>
  resource('AWS::Logs::MetricFilter', {
    LogGroupName: '/canary',
    FilterPattern: '{ $.message = "peer_answered" }',
    MetricTransformations: [
      { MetricNamespace: metric.Namespace, MetricName: metric.MetricName, MetricValue: '1', DefaultValue: 0 },
    ],
    ...more,
  });
const alarm = (more: object = {}) =>
  resource('AWS::CloudWatch::Alarm', {
    AlarmName: 'region-unreachable',
    ...metric,
    Statistic: 'Sum',
    Period: 60,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    TreatMissingData: 'breaching',
    ...more,
  });
const watched = (ofAlarm: object = {}, ofFilter: object = {}) => {
  const deployment = deploy(zoneOf(stack('watch', { Filter: filter(ofFilter), Alarm: alarm(ofAlarm) })), {});
  const [found] = deployment.of('AWS::CloudWatch::Alarm');
  if (found === undefined) throw new Error('there is no alarm');
  return watchAlarm(deployment, found);
};
const minute = 60_000;
const answered = '{"level":"INFO","message":"peer_answered"}';
const silent = '{"level":"WARN","message":"peer_silent"}';

describe('an alarm', () => {
  it('is raised once the metric was below its threshold for all periods, and is over with the first that is not', () => {
    const { observe, isRaised } = watched();
    for (const at of [0, 1, 2]) observe('/canary', answered, at * minute);
    const seen: boolean[] = [];
    for (let at = 3; at < 8; at += 1) {
      seen.push(isRaised(at * minute));
      observe('/canary', at === 6 ? answered : silent, at * minute);
    }
    expect([...seen, isRaised(8 * minute)]).toEqual([false, false, false, true, false, false]);
  });

  it.each([
    ['breaching', true],
    ['notBreaching', false],
    ['missing', false],
    ['ignore', false],
  ])('treats periods without any line as %s', (TreatMissingData, raised) => {
    expect(watched({ TreatMissingData }).isRaised(10 * minute)).toBe(raised);
  });

  it('needs as many periods as it says, of those that it looks at', () => {
    const { observe, isRaised } = watched({ DatapointsToAlarm: 2 });
    observe('/canary', answered, 4 * minute);
    for (const at of [5, 6]) observe('/canary', silent, at * minute);
    expect([isRaised(6 * minute), isRaised(7 * minute)]).toEqual([true, true]);
    observe('/canary', answered, 7 * minute);
    observe('/canary', answered, 8 * minute);
    expect(isRaised(9 * minute)).toBe(false);
  });

  it('counts lines of its own log alone, and no line that is no message', () => {
    const { observe, isRaised } = watched();
    for (const at of [0, 1, 2]) {
      observe('/other', answered, at * minute);
      observe('/canary', 'peer_answered', at * minute);
    }
    expect(isRaised(3 * minute)).toBe(true);
  });

  it.each([
    ['an expression', { Metrics: [{ Id: 'm', Expression: 'a / b' }] }, {}],
    ['a statistic that is no sum', { Statistic: 'Average' }, {}],
    ['a pattern of another form', {}, { FilterPattern: '{ $.status >= 500 }' }],
    ['a metric that nothing counts', {}, { MetricTransformations: [{ MetricNamespace: 'x', MetricName: 'y' }] }],
  ])('with %s is refused', (_, ofAlarm, ofFilter) => {
    expect(() => watched(ofAlarm, ofFilter)).toThrow(/not evaluated locally|No filter/);
  });
});

describe('the address of both regions', () => {
  const opened: (Server | Front)[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  const region = async (name: string): Promise<number> => {
    const server = createServer((socket) => void socket.on('error', () => {}).write(name));
    opened.push(server);
    return listen(server, { what: 'the test' });
  };
  const ask = async (port: number) => {
    const socket = connect({ host: loopback, port });
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => ['closed'])]);
    return { socket, answer: String(answer) };
  };

  it('leads new connections to the region that it is given, and leaves open ones where they are', async () => {
    const [home, second] = [await region('home'), await region('second')];
    const front = createFront();
    opened.push(front);
    const port = await listen(front.server, { what: 'the test' });
    expect((await ask(port)).answer).toBe('closed');
    front.lead(home);
    const first = await ask(port);
    front.lead(second);
    const other = await ask(port);
    expect([first.answer, other.answer, first.socket.destroyed]).toEqual(['home', 'second', false]);
  });

  it('closes a connection whose region is down', async () => {
    const front = createFront();
    opened.push(front);
    const port = await listen(front.server, { what: 'the test' });
    const down = await region('down');
    await opened.pop()?.close();
    front.lead(down);
    expect((await ask(port)).answer).toBe('closed');
  });
});
