// A secret cannot be printed: not by Node's own ways of showing a value, not by a copy of it, not by our logs and answers.
// Whatever comes out is searched for the value in every spelling that the taint test knows.

import * as assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { Console } from 'node:console';
import * as querystring from 'node:querystring';
import { PassThrough } from 'node:stream';
import * as util from 'node:util';
import * as v8 from 'node:v8';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../lambdas/kernel/crypto/secret.ts';
import { Refusal } from '../../../lambdas/kernel/domain/refusal.ts';
import { problem } from '../../../lambdas/kernel/http/answer.ts';
import { createMarks } from '../../../proof/taint/marks.ts';

const marks = createMarks();
const value = marks.make('secret', 'test');
/** As text, as bytes, and inside a value. */
const secrets: readonly Secret<unknown>[] = [
  new Secret(value),
  new Secret(Buffer.from(value)),
  new Secret({ key: value, list: [value], map: new Map([[value, value]]) }),
  new Secret(new Secret(value)),
];

/** Values in which a secret may lie. */
const around = (secret: unknown): readonly unknown[] => [
  secret,
  [secret, [secret]],
  { secret, nested: { secret } },
  new Map([[secret, secret]]),
  new Set([secret]),
  Object.create({ secret }),
  { [Symbol('secret')]: secret },
  Object.defineProperty({}, 'hidden', { value: secret, enumerable: false }),
  {
    get secret() {
      return secret;
    },
  },
  new Proxy({ secret }, {}),
  secret instanceof Secret ? new Proxy(secret, {}) : secret,
  Promise.resolve(secret),
  Object.assign(new Error('failed'), { secret }),
  new Error('failed', { cause: secret }),
  new AggregateError([secret], 'failed'),
];

const inspectOptions = fc.record<util.InspectOptions>({
  showHidden: fc.boolean(),
  depth: fc.constantFrom(null, 0, 1, 10),
  customInspect: fc.boolean(),
  showProxy: fc.boolean(),
  getters: fc.constantFrom<boolean | 'get' | 'set'>(true, false, 'get', 'set'),
  compact: fc.constantFrom(true, false, 0, 3),
  sorted: fc.boolean(),
  colors: fc.boolean(),
  maxArrayLength: fc.constantFrom(null, 0, 100),
  maxStringLength: fc.constantFrom(null, 0, 10_000),
});

/** Whatever it does, as text: what it throws is shown as well. */
function shown(show: () => unknown): string {
  try {
    const result = show();
    return typeof result === 'string' ? result : util.inspect(result, { depth: 10, showHidden: true });
  } catch (error) {
    return `${error}\n${util.inspect(error, { depth: 10, showHidden: true, customInspect: false })}`;
  }
}

function printedBy(print: (console: Console) => void): string {
  const stdout = new PassThrough();
  print(new Console({ stdout, stderr: stdout }));
  return String(stdout.read() ?? '');
}

function posted(held: unknown): unknown {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(held);
    return receiveMessageOnPort(port2);
  } finally {
    port1.close();
  }
}

const texts: Readonly<Record<string, (held: never) => unknown>> = {
  String: (held) => String(held),
  template: (held) => `${held}`,
  concatenation: (held) => ''.concat(held) + [held].join(),
  toLocaleString: (held: object) => held.toLocaleString(),
  'a number': (held) => [Number(held), Number.parseInt(held, 36)],
  'a property name': (held) => ({ [held]: 1 }),
  'an error’s message': (held) => new Error(held),
  'an error’s text': (held) => new Error(`cannot use ${held}`).stack,
  'Object.prototype.toString': (held) => Object.prototype.toString.call(held),
  'a URL': (held) => new URL(`https://example.com/${held}?${new URLSearchParams({ held })}`).href,
  querystring: (held) => querystring.stringify({ held }),
  headers: (held) => [...new Headers({ held })],
  Buffer: (held) => Buffer.from(held),
  RegExp: (held) => new RegExp(held),
};

const values: Readonly<Record<string, (held: unknown) => unknown>> = {
  'JSON.stringify': (held) => JSON.stringify(held),
  'JSON.stringify, indented, with a replacer': (held) => JSON.stringify({ held }, (_, each) => each, 2),
  'Object.entries': (held) => Object.entries(held as object),
  'Object.keys': (held) => Object.keys(held as object),
  'Reflect.ownKeys': (held) => Reflect.ownKeys(held as object).map((key) => Reflect.get(held as object, key)),
  'Object.getOwnPropertyDescriptors': (held) => Object.getOwnPropertyDescriptors(held),
  'a spread copy': (held) => ({ ...(held as object) }),
  'for … in': (held) => {
    const names: unknown[] = [];
    for (const name in held as object) names.push(name, Reflect.get(held as object, name));
    return names;
  },
  structuredClone: (held) => structuredClone(held),
  'v8.serialize': (held) => v8.serialize(held).toString('latin1'),
  postMessage: (held) => posted(held),
  'util.format': (held) => ['%s', '%o', '%O', '%j', '%d', '%i', '%f', '%c', ''].map((form) => util.format(form, held)),
  'console.log': (held) => printedBy((console) => console.log('%s', held, held)),
  'console.error': (held) => printedBy((console) => console.error(held)),
  'console.dir': (held) =>
    printedBy((console) => console.dir(held, { showHidden: true, depth: null, customInspect: false })),
  'console.table': (held) => printedBy((console) => console.table([{ held }, held])),
  'console.group': (held) => printedBy((console) => console.group(held)),
  'console.trace': (held) => printedBy((console) => console.trace(held)),
  'console.assert': (held) => printedBy((console) => console.assert(false, held as string)),
  'assert.deepStrictEqual': (held) => assert.deepStrictEqual(held, { other: 1 }),
  'assert.strictEqual': (held) => assert.strictEqual(held, 'other'),
  'assert.match': (held) => assert.match(held as string, /other/),
  'an expectation': (held) => expect(held).toEqual('other'),
  'a schema’s issues': (held) => {
    const { issues } = v.safeParse(v.object({ held: v.pipe(v.string(), v.regex(/^other$/)) }), { held });
    return issues?.map(({ message, received, expected }) => [message, received, expected]);
  },
  'an item of DynamoDB': (held) => marshall({ held }, { removeUndefinedValues: true, convertClassInstanceToMap: true }),
  'a problem': (held) => {
    const refusal = new Refusal('request_invalid', { findings: [{ pointer: `/${held}`, detail: `${held}` }] });
    return problem('request_invalid', { ...refusal.details, baseUrl: held as string }, 'request');
  },
};

describe('[ENC-4] a secret is shown by', () => {
  it.each(Object.entries(texts))('%s as nothing but [secret]', (_, show) => {
    for (const secret of secrets) expect(marks.find(shown(() => show(secret as never)))).toEqual([]);
  });

  it.each(Object.entries(values))('%s as nothing but [secret], wherever it lies', (_, show) => {
    for (const held of secrets.flatMap(around)) expect(marks.find(shown(() => show(held)))).toEqual([]);
  });

  it('util.inspect as nothing but [secret], with whatever options', () => {
    const held = secrets.flatMap(around);
    fc.assert(
      fc.property(inspectOptions, fc.constantFrom(...held), (options, each) => {
        expect(marks.find(util.inspect(each, options))).toEqual([]);
      }),
    );
  });

  it('those of these that a reader would look at, as [secret]', () => {
    const secret = new Secret(value);
    const readable = [`${secret}`, JSON.stringify(secret), util.inspect(secret), util.format('%s', secret)];
    expect(readable).toEqual(['[secret]', '"[secret]"', '[secret]', '[secret]']);
  });

  it('our own log and meter, and an error that nobody catches, as [secret]', () => {
    const lambdas = new URL('../../../lambdas/', import.meta.url);
    const code = `
      import { Secret } from '${lambdas}kernel/crypto/secret.ts';
      import { functionLog } from '${lambdas}kernel/platform/log.ts';
      import { functionMeter } from '${lambdas}kernel/platform/meter.ts';
      const secret = new Secret(process.env.VALUE);
      delete process.env.VALUE;
      const { log, startInvocation } = functionLog({ service: 'strongroom', level: 'INFO', sampleRate: 0 });
      startInvocation({ requestContext: { requestId: secret, authorizer: { tenant: secret } } }, { functionName: secret });
      for (const message of ['request_answered', 'request_failed']) {
        log(message, { defect: secret, secret, ...secret, nested: [{ secret }] });
      }
      try {
        functionMeter()(secret, secret, { durationMs: secret, fault: secret });
      } catch (error) {
        console.log(error);
      }
      functionMeter()(secret, secret, { durationMs: 1, fault: secret });
      console.log(secret, { secret });
      process.emitWarning('a ' + secret, { detail: String(secret) });
      throw Object.assign(new Error('cannot use ' + secret, { cause: secret }), { secret });`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { env: { VALUE: value } });
    expect(ran.status).toBe(1);
    expect(ran.stdout.toString().match(/\[secret\]/g)?.length).toBeGreaterThan(4);
    expect(ran.stderr.toString()).toContain('[secret]');
    for (const output of [ran.stdout, ran.stderr]) expect(marks.find(output)).toEqual([]);
  });

  it('reveal alone, and the search would see it', () => {
    const [secret] = secrets;
    expect(secret?.reveal()).toBe(value);
    expect(marks.find(JSON.stringify({ password: value }))).toMatchObject([{ kind: 'secret' }]);
    expect(marks.find(shown(() => ({ bytes: Buffer.from(value) })))).not.toEqual([]);
  });
});
