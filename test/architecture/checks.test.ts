// The checks themselves: each finds what its rule forbids and accepts what its rule allows.

import { describe, expect, test } from 'vitest';
import * as checks from './checks.ts';
import { applyExceptions } from './exceptions.ts';
import { allBelow, liesIn } from './rooms.ts';
import { readSource } from './sources.ts';

const sourcesOf = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, readSource(path, text)]));

describe('imports', () => {
  const kernel = 'lambdas/kernel/store/row.ts';

  test.each([
    ['by name', kernel, "import { load } from '../../payments/store.ts';"],
    ['of a type', kernel, "import type { Payment } from '../../payments/domain/payment.ts';"],
    ['inside a type', kernel, "type P = import('../../payments/domain/payment.ts').Payment;"],
    ['at run time', kernel, "const { load } = await import('../../payments/store.ts');"],
    ['passed on by name', kernel, "export { load } from '../../payments/store.ts';"],
    ['passed on whole', kernel, "export * from '../../payments/store.ts';"],
    ['of a capability above', 'lambdas/customers/store.ts', "import { load } from '../payments/store.ts';"],
    ['of a capability, in an adapter', 'lambdas/processors/fact.ts', "import { load } from '../tenants/store.ts';"],
    ['of the store, in a domain', 'lambdas/payments/domain/payment.ts', "import { load } from '../store.ts';"],
    ['of another adapter', 'lambdas/processors/stripe/facts.ts', "import { fact } from '../adyen/facts.ts';"],
    ['of another capability’s resources', 'contract/customers/resources.ts', "import '../payments/resources.ts';"],
    ['of what runs, in a stack', 'lib/stacks/api.ts', "import { serve } from '../../lambdas/kernel/http/serve.ts';"],
    ['of anything of ours, in the processor', 'processor/main.ts', "import { limits } from '../contract/limits.ts';"],
    ['of a test, in a proof', 'proof/taint/marks.ts', "import { cloud } from '../../test/e2e/cloud.ts';"],
  ])('a forbidden one is found: %s', (_, path, text) => {
    expect(checks.forbiddenImports(sourcesOf({ [path]: text }))).toHaveLength(1);
  });

  test.each([
    ['its own room', 'lambdas/payments/modify.ts', "import { load } from './store.ts';"],
    ['a capability far below', 'lambdas/processor_events/apply.ts', "import { load } from '../tenants/store.ts';"],
    ['a domain below', 'lambdas/payments/domain/payment.ts', "import '../../customers/domain/customer.ts';"],
    ['the files beside an adapter', 'lambdas/processors/stripe/facts.ts', "import type { Fact } from '../fact.ts';"],
    ['ids of a capability below', 'contract/payments/payment.ts', "import { CustomerId } from '../customers/ids.ts';"],
    ['every capability, where they are put together', 'contract/capabilities.ts', "import './payments/operations.ts';"],
    ['the kit, in a proof', 'proof/taint/marks.ts', "import { memory } from '../kit/aws/memory.ts';"],
  ])('an allowed one is not: %s', (_, path, text) => {
    expect(checks.forbiddenImports(sourcesOf({ [path]: text }))).toEqual([]);
  });

  test('a package is for the rooms that may import it', () => {
    const text = "import middy from '@middy/core';\nimport { readFile } from 'node:fs/promises';";
    expect(checks.forbiddenPackages(sourcesOf({ 'lambdas/kernel/http/serve.ts': text }))).toEqual([
      'lambdas/kernel/http/serve.ts:2 -> node:fs/promises',
    ]);
    expect(checks.forbiddenPackages(sourcesOf({ 'local/lambda/pool.ts': text }))).toEqual([
      'local/lambda/pool.ts:1 -> @middy/core',
    ]);
  });

  test('a cycle is found, the shortest of its component, also through types', () => {
    const files = {
      'lib/a.ts': "import './b.ts';",
      'lib/b.ts': "import './c.ts';",
      'lib/c.ts': "import type { D } from './d.ts';\nimport type { B } from './b.ts';",
      'lib/d.ts': "import './a.ts';",
      'lib/e.ts': "import './a.ts';",
    };
    expect(checks.importCycles(sourcesOf(files))).toEqual([
      'lib/b.ts -> lib/c.ts -> lib/b.ts (4 files import each other)',
    ]);
    expect(checks.importCycles(sourcesOf({ ...files, 'lib/c.ts': '' }))).toEqual([]);
  });

  test('what a domain imports through the kernel counts as its own import', () => {
    const domain = { 'lambdas/payments/domain/payment.ts': "import type { S } from '../../kernel/crypto/sealed.ts';" };
    const sealed = (text: string) => sourcesOf({ ...domain, 'lambdas/kernel/crypto/sealed.ts': text });
    expect(checks.impureDomains(sealed("import * as v from 'valibot';"))).toEqual([]);
    expect(checks.impureDomains(sealed("import type { KeyObject } from 'node:crypto';"))).toHaveLength(1);
  });
});

describe('rooms', () => {
  test('a file that no row matches has none', () => {
    const files = { 'lambdas/disputes/store.ts': '', 'contract/disputes/ids.ts': '', 'other.ts': '', 'lib/app.ts': '' };
    expect(checks.filesWithoutRoom(sourcesOf(files))).toEqual(Object.keys(files).slice(0, 3));
  });

  test('a literal name matches a file too, a pattern folders only', () => {
    expect(liesIn('lambdas/payments/store.ts', ['lambdas/<c>/store'])).toBe(true);
    expect(liesIn('lambdas/payments/store/due.ts', ['lambdas/<c>/store'])).toBe(true);
    expect(liesIn('lambdas/payments/store_due.ts', ['lambdas/<c>/store'])).toBe(false);
    expect(liesIn('contract/payments.ts', ['contract/<c>'])).toBe(false);
    expect(liesIn('sdk/src/index.ts', ['sdk/(files)'])).toBe(false);
  });

  test('a capability may import those before it, and none of an independent group', () => {
    expect(allBelow('payments')).toEqual(expect.arrayContaining(['audit', 'tenants', 'customers', 'connections']));
    expect(allBelow('payments')).not.toContain('processor_events');
    expect(allBelow('relay')).toContain('webhooks');
    expect(allBelow('relay')).not.toContain('payments');
    expect(allBelow('audit')).toEqual([]);
  });

  test('a row that no file needs is found', () => {
    expect(checks.unusedRows(sourcesOf({ 'lambdas/audit/store.ts': '' }))).toEqual(
      expect.arrayContaining(['lambdas/relay holds no file', 'lib never imports constructs']),
    );
  });
});

describe('ambient names', () => {
  test.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const clock = { now: Date.now };',
    'setTimeout(done, 10);',
    'const drawn = Math.random();',
    'const id = crypto.randomUUID();',
  ])('time and randomness are found: %s', (text) => {
    expect(checks.ambientTime(sourcesOf({ 'lambdas/payments/due.ts': text }))).toHaveLength(1);
    expect(checks.ambientTime(sourcesOf({ 'lambdas/kernel/platform/clock.ts': text }))).toEqual([]);
  });

  test.each(['const date = new Date(ms);', "const text = 'Date.now()'; // setTimeout()", 'socket.setTimeout(10);'])(
    'this is neither: %s',
    (text) => {
      expect(checks.ambientTime(sourcesOf({ 'lambdas/payments/due.ts': text }))).toEqual([]);
    },
  );

  test.each(['const { STAGE } = process.env;', 'const { env } = process;'])('the environment is found: %s', (text) => {
    expect(checks.ambientEnvironment(sourcesOf({ 'lambdas/payments/due.ts': text }))).toHaveLength(1);
  });

  test.each(['{ operations }', '{ type Operation, operations as rows }', '* as contract'])(
    'an import of the whole operation table is found: %s',
    (names) => {
      const text = `import ${names} from '../../../contract/capabilities.ts';`;
      expect(checks.wholeTableImports(sourcesOf({ 'lambdas/kernel/http/parse.ts': text }))).toHaveLength(1);
    },
  );

  test.each(['type { operations }', '{ errors, type Operation }'])('one of types and errors is not: %s', (names) => {
    const text = `import ${names} from '../../../contract/capabilities.ts';`;
    expect(checks.wholeTableImports(sourcesOf({ 'lambdas/kernel/http/parse.ts': text }))).toEqual([]);
  });
});

describe('handlers', () => {
  const rows = {
    'contract/payments/operations.ts': `
      export const getPayment = { id: 'payments/get', function: 'read', actors: ['key'] } as const;
      export const createPayment = { id: 'payments/create', function: 'money', actors: ['key'] } as const;
    `,
    'lambdas/payments/handlers/payments/get.ts': '',
  };

  test('one that is missing and one without an operation are found', () => {
    expect(checks.misplacedHandlers(sourcesOf({ ...rows, 'lambdas/tenants/handlers/payments/create.ts': '' }))).toEqual(
      [
        'lambdas/payments/handlers/payments/create.ts is missing',
        'lambdas/tenants/handlers/payments/create.ts handles no operation of its capability',
      ],
    );
  });

  test('one in the bundle of another function is found, also through another file', () => {
    const files = (text: string) => ({
      ...rows,
      'lambdas/functions/money.ts': "import '../payments/modify.ts';",
      'lambdas/functions/read.ts': "import '../payments/handlers/payments/get.ts';",
      'lambdas/payments/modify.ts': text,
    });
    expect(
      checks.handlersInOtherBundles(sourcesOf(files("import { get } from './handlers/payments/get.ts';"))),
    ).toHaveLength(1);
    expect(
      checks.handlersInOtherBundles(sourcesOf(files("import type { Get } from './handlers/payments/get.ts';"))),
    ).toEqual([]);
  });
});

describe('length and names', () => {
  const statements = (count: number): string => 'call();\n'.repeat(count);

  test('a file and a function may be as long as the bound, and no longer', () => {
    expect(checks.longFiles(sourcesOf({ 'lib/app.ts': statements(300) }))).toEqual([]);
    expect(checks.longFiles(sourcesOf({ 'lib/app.ts': statements(301) }))).toEqual(['lib/app.ts 301 lines']);
    const written = (lines: number): string => `const app = () => {\n${statements(lines - 2)}};\n`;
    expect(checks.longFunctions(sourcesOf({ 'lib/app.ts': written(60) }))).toEqual([]);
    expect(checks.longFunctions(sourcesOf({ 'lib/app.ts': written(61) }))).toEqual(['lib/app.ts:1 app 61 lines']);
  });

  test('tests and generated files may be longer', () => {
    const files = { 'test/infra/api.test.ts': statements(301), 'sdk/src/generated.ts': statements(301) };
    expect(checks.longFiles(sourcesOf(files))).toEqual([]);
  });

  test.each(['lib/utils/names.ts', 'lib/helper.ts', 'test/common.test.ts'])('%s says nothing', (path) => {
    expect(checks.meaninglessNames([path])).toEqual([path]);
  });

  test('a banned word is found in any spelling, in names only', () => {
    const text = `
      // what it was told
      const text = 'told'; const told_twice = 1; class TellsAll { #kept = 1; takenAway() {} }
      const { meansTest: golden } = { meansTest: 1 };
    `;
    expect(checks.bannedNames(sourcesOf({ 'test/told.ts': text }))).toEqual([
      'test/told.ts (its own name)',
      'test/told.ts:3 told_twice',
      'test/told.ts:3 TellsAll',
      'test/told.ts:3 kept',
      'test/told.ts:3 takenAway',
      'test/told.ts:4 meansTest',
    ]);
  });
});

describe('exceptions', () => {
  const violations = [{ key: 'lib/app.ts app', line: 'lib/app.ts:1 app 61 lines' }];

  test('one with a reason removes its violation', () => {
    expect(applyExceptions(violations, {})).toEqual(['lib/app.ts:1 app 61 lines']);
    expect(applyExceptions(violations, { 'lib/app.ts app': 'is one literal' })).toEqual([]);
  });

  test('one without a reason, and one that excepts nothing, are violations', () => {
    expect(applyExceptions(violations, { 'lib/app.ts app': '', 'lib/app.ts main': 'was one literal' })).toEqual([
      'lib/app.ts app is excepted without a reason',
      'lib/app.ts main is excepted and breaks no rule',
    ]);
  });
});

describe('ids of promises', () => {
  test('are found in the names of tests, and nothing else is taken for one', () => {
    expect(checks.promisesNamed("test('[WHK-2] [PAY-1] x', () => y[A-1]); /[A-Z]-1/; ['RES-1']")).toEqual([
      'WHK-2',
      'PAY-1',
    ]);
  });
});
