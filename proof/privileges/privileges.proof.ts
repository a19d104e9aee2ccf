// Last of all: holds what tests and proofs asked of AWS against the synthesized policies, and shows that the check would
// notice, by taking each statement away in turn.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { assembly } from '../../test/kit/run.ts';
import { differences, type Edit } from './check.ts';
import { type Evidence, gather, NothingRecorded, stale } from './evidence.ts';
import type { Finding } from './findings.ts';
import type { Place, Statement } from './place.ts';
import { recordingsFolder } from './recordings_folder.ts';

let evidence: Evidence;

beforeAll(async () => {
  evidence = await gather(recordingsFolder(), await assembly());
});

const findings = async (role: string, edit: Edit): Promise<readonly Finding[]> =>
  (await evidence.checker.checkRole(role, edit)).findings;
const texts = (found: readonly Finding[]): string => found.map(({ kind, text }) => `${kind}: ${text}`).join('\n');

/** The role's statements with one of them changed. */
const changing =
  (sid: string, change: (statement: Statement) => Statement): Edit =>
  ({ statements }) => {
    expect(statements.map(({ Sid }) => Sid)).toContain(sid);
    return statements.map((statement) => (statement.Sid === sid ? change(statement) : statement));
  };

describe('least privilege both ways', () => {
  it('everything that any function asked for is allowed, and everything that it is granted was needed', () => {
    expect(texts(evidence.findings)).toBe('');
    expect(evidence.roles.flatMap(({ grants }) => grants).length).toBeGreaterThan(100);
  });

  it('without any one statement of any role the check complains of what is denied, or open to the function’s code', async () => {
    const unnoticed: string[] = [];
    let removed = 0;
    for (const { name, statements } of evidence.places[0]?.roles ?? []) {
      for (const [index, { Sid, Effect }] of statements.entries()) {
        removed += 1;
        const found = await findings(name, (role) => role.statements.filter((_, at) => at !== index));
        const wanted = Effect === 'Deny' ? 'open' : 'denied';
        if (!found.some(({ kind }) => kind === wanted)) unnoticed.push(`${name}: ${Sid}`);
      }
    }
    expect(unnoticed).toEqual([]);
    expect(removed).toBeGreaterThan(70);
  });

  it('the generated documents are not stale: npm run privileges writes them', () => {
    expect(stale(evidence)).toEqual([]);
  });
});

describe('the check complains', () => {
  it('of an action more than was needed', async () => {
    const found = await findings(
      'relay',
      changing('EventsPartiQLInsert', (each) => ({ ...each, Action: [...each.Action, 'dynamodb:DeleteItem'] })),
    );
    expect(texts(found)).toMatch(
      /^unused: dynamodb:DeleteItem on table\/events \(\w+\) is granted, and nothing used it$/,
    );
  });

  it('of a resource more than was needed', async () => {
    const found = await findings(
      'relay',
      changing('EventsPartiQLInsert', (each) => ({
        ...each,
        Resource: [...each.Resource, ...each.Resource.map((arn) => arn.replace('-events', '-tenants'))],
      })),
    );
    expect(texts(found)).toMatch(/^unused: dynamodb:PartiQLInsert on table\/tenants /);
  });

  it('of an attribute more than was named', async () => {
    const condition = 'ForAllValues:StringEquals';
    const found = await findings(
      'authorizer',
      changing('TenantsUpdateItem', (each) => ({
        ...each,
        Condition: {
          ...each.Condition,
          [condition]: { 'dynamodb:Attributes': ['pk', 'sk', 'last_used_at', 'scopes'] },
        },
      })),
    );
    expect(texts(found)).toMatch(/^unused: dynamodb:UpdateItem on table\/tenants .* the attribute scopes, /);
  });

  it('of two grants of the same, neither of which is needed beside the other', async () => {
    const found = await findings('reconciler', ({ statements }) => [
      ...statements,
      ...statements.filter(({ Sid }) => Sid === 'PaymentsDueQuery'),
    ]);
    expect(found.map(({ kind }) => kind)).toEqual(['unused', 'unused']);
    expect(texts(found)).toContain('another grant allows all that used it');
  });

  it('of a wildcard in an action, and of one in a resource that nobody explained', async () => {
    const verbs = await findings(
      'tenants',
      changing('AuditPartiQLInsert', (each) => ({ ...each, Action: ['dynamodb:Put*'] })),
    );
    expect(texts(verbs)).toContain(
      'wildcard: dynamodb:Put* on table/audit (AuditPartiQLInsert): an action with a wildcard',
    );
    const tables = await findings(
      'tenants',
      changing('AuditPartiQLInsert', (each) => ({ ...each, Resource: each.Resource.map((arn) => `${arn}*`) })),
    );
    expect(texts(tables)).toMatch(/^wildcard: dynamodb:PartiQLInsert on table\/audit\* .*no reason is given/);
  });

  it('of a condition that what was asked for does not meet', async () => {
    const found = await findings(
      'relay',
      changing('Publish', (each) => ({ ...each, Condition: { StringEquals: { 'events:source': 'other' } } })),
    );
    expect(found.map(({ kind }) => kind)).toContain('denied');
  });

  it('of a place that grants more than the others', () => {
    const [first, second] = evidence.places;
    if (first === undefined || second === undefined) throw new Error('there are two places');
    const more: Statement = { Sid: 'More', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'], Condition: {} };
    const changed: Place = {
      ...second,
      roles: second.roles.map((role) =>
        role.name === 'docs' ? { ...role, statements: [...role.statements, more] } : role,
      ),
    };
    expect(differences(evidence.places)).toEqual([]);
    expect(texts(differences([first, changed]))).toMatch(
      /^differs: development-us and development-eu differ: .*"More"/,
    );
  });

  it('of recordings that are not there, instead of taking nothing for an answer', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'strongroom-unrecorded-'));
    await expect(gather(empty, await assembly())).rejects.toThrow(NothingRecorded);
    await expect(gather(undefined, await assembly())).rejects.toThrow(/npm test/);
    rmSync(empty, { recursive: true });
  });
});
