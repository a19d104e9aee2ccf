// The rooms of the house: who may import whom. Synth runs no runtime code, a handler carries no CDK, the domain knows
// nobody, and only the pipeline knows middy.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Room -> what its files may import: rooms, or packages. A room is a path prefix; the longest that fits counts. */
const rooms: Record<string, readonly string[]> = {
  contract: ['contract', 'valibot'],
  'lambdas/domain': [
    'contract',
    'lambdas/domain',
    'lambdas/kernel/crypto/envelope.ts',
    'lambdas/kernel/platform/clock.ts',
    'valibot',
    'node:net',
    'node:util',
  ],
  'lambdas/platform': [
    'contract',
    'lambdas/platform',
    'lambdas/kernel/domain/refusal.ts',
    'node:crypto',
    '@aws-sdk/client-api-gateway',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-kms',
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sqs',
  ],
  'lambdas/crypto': [
    'contract',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/kernel/domain/refusal.ts',
    'node:crypto',
    'node:zlib',
    'valibot',
    'canonicalize',
    '@aws-sdk/client-kms',
    '@aws-sdk/client-secrets-manager',
  ],
  'lambdas/store': [
    'contract',
    'lambdas/store',
    'lambdas/domain',
    'lambdas/platform',
    'lambdas/kernel/crypto/envelope.ts',
    'lambdas/kernel/crypto/keyring.ts',
    'valibot',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/util-dynamodb',
  ],
  'lambdas/providers': [
    'contract',
    'lambdas/providers',
    'lambdas/domain',
    'lambdas/kernel/crypto/secret.ts',
    'valibot',
    'node:crypto',
    'node:http',
    'node:https',
  ],
  'lambdas/money': [
    'contract',
    'lambdas/money',
    'lambdas/connections/cached.ts',
    'lambdas/connections/open_credentials.ts',
    'lambdas/customers/sealed.ts',
    'lambdas/customers/subject.ts',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/providers',
    'lambdas/kernel/operation/call.ts',
    'lambdas/kernel/operation/scope.ts',
    'lambdas/kernel/operation/page.ts',
    'valibot',
  ],
  'lambdas/settings': [
    'contract',
    'lambdas/settings',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/kernel/operation/call.ts',
    'lambdas/kernel/operation/scope.ts',
    'valibot',
  ],
  'lambdas/webhooks': [
    'contract',
    'lambdas/webhooks',
    'lambdas/webhooks/http/endpoint_url.ts',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/kernel/operation/create.ts',
    'lambdas/kernel/operation/call.ts',
    'lambdas/kernel/operation/scope.ts',
    'valibot',
  ],
  'lambdas/connections': [
    'contract',
    'lambdas/connections',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'valibot',
  ],
  'lambdas/customers': [
    'contract',
    'lambdas/customers',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/kernel/operation/call.ts',
    'lambdas/kernel/operation/scope.ts',
    'valibot',
  ],
  'lambdas/ingress': [
    'contract',
    'lambdas/ingress',
    'lambdas/connections/cached.ts',
    'lambdas/connections/open_credentials.ts',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/providers',
    'lambdas/kernel/operation/scope.ts',
    'lambdas/kernel/http/answer.ts',
    'lambdas/kernel/http/exchange.ts',
    'aws-lambda',
    'valibot',
  ],
  'lambdas/settler': [
    'contract',
    'lambdas/settler',
    'lambdas/money',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/platform',
    'lambdas/processors/notification.ts',
    'aws-lambda',
  ],
  'lambdas/sweeper': ['lambdas/money', 'lambdas/settler'],
  'lambdas/deliver': [
    'contract',
    'lambdas/deliver',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'aws-lambda',
    'valibot',
    '@aws-sdk/client-sqs',
    'node:dns',
    'node:events',
    'node:http',
    'node:https',
    'node:net',
    'node:stream',
    'node:tls',
  ],
  'lambdas/handlers': [
    'contract',
    'lambdas/handlers',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    'lambdas/money',
    'lambdas/settings',
    'lambdas/webhooks',
    'lambdas/connections',
    'lambdas/customers',
    'valibot',
    'node:crypto',
  ],
  'lambdas/http': [
    'contract',
    'lambdas/http',
    'lambdas/kernel/operation/call.ts',
    'lambdas/kernel/operation/scope.ts',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/crypto',
    'lambdas/platform',
    '@middy/core',
    'aws-lambda',
    'valibot',
  ],
  'lambdas/relay': [
    'contract',
    'lambdas/relay',
    'lambdas/webhooks/message.ts',
    'lambdas/domain',
    'lambdas/store',
    'lambdas/platform',
    'aws-lambda',
    'valibot',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/util-dynamodb',
  ],
  'lambdas/provisioner': [
    'contract',
    'lambdas/provisioner',
    'lambdas/kernel/domain/refusal.ts',
    'lambdas/platform',
    'lambdas/kernel/store/recorded_fact.ts',
    'lambdas/kernel/store/row.ts',
    'aws-lambda',
    '@aws-sdk/client-api-gateway',
  ],
  'lambdas/rewrap': [
    'contract',
    'lambdas/rewrap',
    'lambdas/kernel/crypto/keyring.ts',
    'lambdas/kernel/domain/refusal.ts',
    'lambdas/rotation/domain/rewrap.ts',
    'lambdas/platform',
    'lambdas/kernel/store/data_keys.ts',
    'lambdas/rotation/rewrap/run_store.ts',
    'lambdas/rotation/rewrap/wrapped_keys.ts',
    '@aws-sdk/client-kms',
  ],
  'lambdas/rotator': [
    'contract',
    'lambdas/rotator',
    'lambdas/kernel/crypto/platform_secrets.ts',
    'lambdas/kernel/crypto/secret.ts',
    'lambdas/kernel/domain/refusal.ts',
    'lambdas/platform',
    'lambdas/rotation/secrets/named_versions.ts',
    'valibot',
    '@aws-sdk/client-secrets-manager',
  ],
  'lambdas/docs': ['contract', 'lambdas/docs', 'lambdas/kernel/http/answer.ts', 'aws-lambda', 'node:crypto'],
  'lambdas/functions': ['contract', 'lambdas', 'docs/generated/openapi.json', 'aws-lambda'],
  lib: [
    'contract',
    'lib',
    'strongroom.config.ts',
    'valibot',
    'aws-cdk-lib',
    'constructs',
    'cdk-nag',
    'rolldown',
    'node:',
  ],
  'strongroom.config.ts': ['lib/config.ts'],
};

const files = globSync(['contract/**/*.ts', 'lambdas/**/*.ts', 'lib/**/*.ts', 'strongroom.config.ts']).sort();

const roomOf = (file: string): string =>
  Object.keys(rooms)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? '';

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:^|\n)(?:import|export)\b[^;'"]*?from\s+['"]([^'"]+)['"]/g)].map(
    ([, to = '']) => (to.startsWith('.') ? join(dirname(file), to) : to),
  );

const allowed = (room: string, target: string): boolean =>
  (rooms[room] ?? []).some((may) => target === may || target.startsWith(may.endsWith(':') ? may : `${may}/`));

describe('[HST-2] the rooms of the house', () => {
  it('every file stands in a room', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(files.filter((file) => roomOf(file) === '')).toEqual([]);
  });

  it('no file imports from a room that is closed to it', () => {
    const trespasses = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !allowed(roomOf(file), target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('a handler imports its own row of the operation table, never the whole', () => {
    const whole = files.filter(
      (file) => file.startsWith('lambdas/') && importsOf(file).includes('contract/capabilities.ts'),
    );
    expect(whole).toEqual([]);
  });

  it('the environment is read in one place', () => {
    const readers = files.filter(
      (file) => file.startsWith('lambdas/') && readFileSync(file, 'utf8').includes('process.env'),
    );
    expect(readers).toEqual(['lambdas/kernel/platform/platform.ts']);
  });

  it('time passes through the platform alone', () => {
    const clocks = files.filter(
      (file) =>
        file.startsWith('lambdas/') &&
        !file.startsWith('lambdas/platform/') &&
        !file.startsWith('lambdas/providers/') &&
        /Date\.now|new Date\(\)|setTimeout|performance\.now|Math\.random/.test(readFileSync(file, 'utf8')),
    );
    expect(clocks).toEqual([]);
  });

  it('no name says nothing', () => {
    const empty = /(^|\/)(utils?|helpers?|common|shared|base|misc|managers?)(\/|\.ts$)/;
    expect(
      globSync(['bin/**', 'contract/**', 'lambdas/**', 'lib/**', 'local/**', 'test/**']).filter((file) =>
        empty.test(file),
      ),
    ).toEqual([]);
  });
});
