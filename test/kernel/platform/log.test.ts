// What functions print, as CloudWatch and whoever reads it find it.

import { globSync, readFileSync } from 'node:fs';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../lambdas/kernel/crypto/secret.ts';
import { type Config, readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { type Fields, functionLog, type Message, messages } from '../../../lambdas/kernel/platform/log.ts';
import { lambdaHandler } from '../../../lambdas/kernel/platform/platform.ts';
import { environment } from '../../kit/aws/environment.ts';
import { printedLines } from '../../kit/printed.ts';
import { lambdaContext } from '../../kit/runtime/runtime_fixture.ts';

const logging: Config['logging'] = { service: 'strongroom', level: 'INFO', sampleRate: 0 };
const trace = '1-5759e988-bd862e3fe1be46a994272793';
const context = (awsRequestId: string): Context => ({
  ...lambdaContext,
  awsRequestId,
  functionName: 'strongroom-test-us-money',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:strongroom-test-us-money',
  memoryLimitInMB: '1024',
});
const request = { requestContext: { requestId: 'req-1', authorizer: { tenant: 'ten_1', mode: 'live' } } };
const message = 'provider_answered';

beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${trace};Parent=557abcec3ee5a047;Sampled=0`);
});
afterEach(() => vi.unstubAllEnvs());

describe('a log line', () => {
  it('holds allow-listed fields of their types beside Powertools’ own, and nothing else that it is given', () => {
    const given = {
      object: 'pay_1',
      attempt: 2,
      status: '201',
      code: { body: 'a body' },
      defect: new Error('words of a request'),
      event: { body: 'a body' },
      error: new Error('words of a request'),
      toJSON: () => 'a body',
    };
    const [line] = printedLines(() => functionLog(logging).log(message, given as unknown as Fields));
    expect(line).toEqual({
      level: 'INFO',
      message,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'strongroom',
      sampling_rate: 0,
      xray_trace_id: trace,
      object: 'pay_1',
      attempt: 2,
    });
  });

  it('[PCI-1] [PCI-3] holds no number of a card or a bank account, whichever field repeats it', () => {
    const numbers = ['evt_4242424242424242', '4242,4242,4242,4242', 'DE89 3704 0044 0532 0130 00'];
    for (const number of numbers) {
      const [line] = printedLines(() =>
        functionLog(logging).log(message, { object: number, code: number, at: 'money' }),
      );
      expect(line).toMatchObject({ object: '[withheld]', code: '[withheld]', at: 'money' });
    }
  });

  it('[ENC-4] shows a secret as [secret]', () => {
    const given = { object: new Secret('a value'), status: new Secret(1) };
    const [line] = printedLines(() => functionLog(logging).log(message, given as unknown as Fields));
    expect(line).toMatchObject({ object: '[secret]', status: '[secret]' });
  });

  it('has the level that the catalogue gives its message', () => {
    const { log } = functionLog(logging);
    const lines = printedLines(() => {
      for (const name of Object.keys(messages)) log(name as Message, {});
    });
    expect(Object.fromEntries(lines.map((line) => [line.message, line.level]))).toEqual(
      Object.fromEntries(Object.entries(messages).map(([name, level]) => [name, level.toUpperCase()])),
    );
  });

  it('names function, invocation, start, trace, request and tenant, whichever line of a request it is', () => {
    const { log, startInvocation } = functionLog(logging);
    const lines = printedLines(() => {
      startInvocation(request, context('invocation-1'));
      log('secret_overdue', { object: 'peppers' });
      log('provider_answered', { object: 'pay_1' });
      log('request_answered', { request_id: 'req-1', tenant: 'ten_1', mode: 'live' });
    });
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toMatchObject({
        service: 'strongroom',
        cold_start: true,
        function_name: 'strongroom-test-us-money',
        function_request_id: 'invocation-1',
        xray_trace_id: trace,
        request_id: 'req-1',
        tenant: 'ten_1',
        mode: 'live',
      });
    }
  });

  it('names the tenant that it is about, if that is another than the request’s', () => {
    const { log, startInvocation } = functionLog(logging);
    const lines = printedLines(() => {
      startInvocation(request, context('invocation-1'));
      log('provider_answered', { tenant: 'ten_2' });
    });
    expect(lines).toMatchObject([{ tenant: 'ten_2', request_id: 'req-1' }]);
  });

  it('names nothing of the invocation before', () => {
    const { log, startInvocation } = functionLog(logging);
    const [line] = printedLines(() => {
      startInvocation(request, context('invocation-1'));
      startInvocation({ Records: [] }, context('invocation-2'));
      log('facts_relayed', { count: 1 });
    });
    expect(line).toMatchObject({ cold_start: false, function_request_id: 'invocation-2', count: 1 });
    for (const field of ['request_id', 'tenant', 'mode']) expect(line).not.toHaveProperty(field);
  });

  it('names no tenant where the authorizer verified none, and no more of an event than these', () => {
    const { log, startInvocation } = functionLog(logging);
    const lines = printedLines(() => {
      for (const event of [
        { requestContext: { requestId: 'req-1', authorizer: { tenant: '', mode: '', principalId: 'a' } }, body: 'b' },
        { requestContext: { requestId: 'req-1', authorizer: null } },
        { requestContext: { requestId: 'req-1', authorizer: { tenant: { id: 'ten_1' } } } },
        ...[null, undefined, 'text', 1, { requestContext: 'text' }],
      ]) {
        startInvocation(event, context('invocation-1'));
        log('facts_relayed', {});
      }
    });
    expect(lines).toHaveLength(8);
    const usual = ['level', 'message', 'timestamp', 'service', 'cold_start', 'function_name', 'function_request_id'];
    const names = [...usual, 'sampling_rate', 'xray_trace_id'];
    for (const [index, line] of lines.entries()) {
      expect(Object.keys(line)).toEqual(index < 3 ? [...names, 'request_id'] : names);
    }
  });
});

describe('what is logged', () => {
  const logged = (config: Partial<Config['logging']>): unknown[] => {
    const { log, startInvocation } = functionLog({ ...logging, ...config });
    return printedLines(() => {
      startInvocation(request, context('invocation-1'));
      startInvocation(request, context('invocation-2'));
      log('request_answered', {});
      log('event_unmatched', {});
      log('request_failed', {});
    }).map((line) => `${line.level} ${line.message}`);
  };

  it('is what has the level of the environment or a graver one', () => {
    const all = ['INFO request_answered', 'WARN event_unmatched', 'ERROR request_failed'];
    expect(logged({ level: 'DEBUG' })).toEqual(all);
    expect(logged({ level: 'INFO' })).toEqual(all);
    expect(logged({ level: 'WARN' })).toEqual(all.slice(1));
  });

  it('is everything in a sampled invocation; what Powertools says of it are no words of its own', () => {
    expect(logged({ level: 'WARN', sampleRate: 1 })).toEqual([
      'DEBUG logger_notice',
      'INFO request_answered',
      'WARN event_unmatched',
      'ERROR request_failed',
    ]);
  });

  it('is never an event, even where Powertools is asked for it', () => {
    vi.stubEnv('POWERTOOLS_LOGGER_LOG_EVENT', 'true');
    expect(printedLines(() => functionLog(logging).startInvocation(request, context('a')))).toEqual([]);
  });

  it('is configured by the environment, which names no level that would silence what alarms count', () => {
    const given = environment('money', 'http://127.0.0.1:1');
    expect(readConfig(given).logging).toEqual(logging);
    for (const level of ['ERROR', 'SILENT', 'info', '']) {
      expect(() => readConfig({ ...given, POWERTOOLS_LOG_LEVEL: level }).logging).toThrow('POWERTOOLS_LOG_LEVEL');
    }
    for (const rate of ['1.1', '-1', 'half', '']) {
      const asked = { ...given, POWERTOOLS_LOGGER_SAMPLE_RATE: rate };
      expect(() => readConfig(asked).logging).toThrow('POWERTOOLS_LOGGER_SAMPLE_RATE');
    }
    expect(() => readConfig({ ...given, POWERTOOLS_SERVICE_NAME: '' }).logging).toThrow('POWERTOOLS_SERVICE_NAME');
  });
});

describe('a function', () => {
  it('starts each invocation in its log', async () => {
    for (const [name, value] of Object.entries(environment('money', 'http://127.0.0.1:1'))) vi.stubEnv(name, value);
    const handler = lambdaHandler({}, ({ log }) => (event: typeof request) => {
      log('request_answered', { operation: event.requestContext.requestId });
    });
    const lines = printedLines(() => {
      handler(request, context('invocation-1'));
      handler(request, context('invocation-2'));
    });
    expect(lines).toMatchObject([
      { function_request_id: 'invocation-1', cold_start: true, operation: 'req-1', tenant: 'ten_1' },
      { function_request_id: 'invocation-2', cold_start: false, operation: 'req-1', tenant: 'ten_1' },
    ]);
  });

  it('that logs has no other way to a platform', () => {
    const entries = globSync('lambdas/functions/*.ts').filter((file) => file !== 'lambdas/functions/docs.ts');
    expect(entries.length).toBeGreaterThan(10);
    for (const file of entries) {
      expect(readFileSync(file, 'utf8'), file).toMatch(/^export const handler = lambdaHandler\(/m);
    }
  });
});
