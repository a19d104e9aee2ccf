// The surface says what the templates hold, not what the contract means them to hold, and the committed documents are the
// ones that the sources give.

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { operations } from '../../contract/capabilities.ts';
import { pages } from '../../contract/docs/pages.ts';
import { createPayment } from '../../contract/payments/operations.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { authorizerName, functionPath } from '../../lib/derive/function_stack.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { surfaceOf } from '../../lib/evidence/surface.ts';
import type { ZoneTemplates } from '../../lib/evidence/template.ts';
import { clean, Planting } from './planting.ts';
import { plantsOfDeployments } from './plants_of_deployments.ts';
import { plantsOfGrants } from './plants_of_grants.ts';
import { waysOut } from './plants_of_residency.ts';
import { plantsOfValues } from './plants_of_values.ts';
import { cdkOut, only } from './templates.ts';

const zone = only(readAssembly(cdkOut).filter(({ id }) => id === 'production-us'));
const lines = (of: ZoneTemplates): string[] => surfaceOf(of).split('\n');

const changed = (name: string, change: (p: ZoneTemplates['resources'][number]['p']) => object): ZoneTemplates => ({
  ...zone,
  resources: zone.resources.map((resource) =>
    resource.name === name ? { ...resource, p: { ...resource.p, ...change(resource.p) } } : resource,
  ),
});

describe('the surface', () => {
  test('[HST-2] the generated documents are not stale', () => {
    execFileSync(process.execPath, ['generate/surface.ts', '--check', '--from', cdkOut], { stdio: 'pipe' });
  });

  test('holds one line for every route, and nothing that a build or an account changes', () => {
    const routes = lines(zone).filter((line) => line.startsWith('route '));
    const others = new Set([...operations, ...Object.values(pages), ingress].map(({ path }) => path)).size;
    // One is the ingress.
    expect(routes).toHaveLength(operations.length + Object.keys(pages).length + 1 + others);
    expect(routes.filter((line) => line.includes('| public |'))).toHaveLength(Object.keys(pages).length + 1 + others);
    expect(surfaceOf(zone)).not.toMatch(/\b\d{12}\b|\b[0-9a-f]{32,}\b|[A-Za-z]+[0-9A-F]{8}\b/);
    expect(lines(zone).slice(2, -1)).toEqual([...new Set(lines(zone).slice(2, -1))].sort());
  });

  test('[HST-2] shows every weakness that could be planted: nothing is added, opened or copied without a line', () => {
    const before = surfaceOf(clean.home);
    const hidden = [...plantsOfGrants, ...plantsOfValues, ...plantsOfDeployments, ...waysOut].filter(({ plant }) => {
      const planting = new Planting();
      plant(planting);
      return surfaceOf(planting.zone()) === before;
    });
    expect(hidden.map(({ what }) => what)).toEqual([]);
  });

  test('[API-1] shows a route whose authorizer is gone', () => {
    const open = changed('api/api/Default/v1/payments/POST', () => ({
      AuthorizationType: 'NONE',
      AuthorizerId: undefined,
    }));
    expect(lines(open)).toContain(
      `route POST /v1/payments | public | counted | function ${functionPath(createPayment.function)} by live | scopes (contract): payments:write`,
    );
  });

  test('[NET-1] shows a rule that opens a security group', () => {
    const open = changed('network/aws-group', () => ({
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }],
    }));
    expect(lines(open)).toContain('group network/aws-group | in | tcp 22 | 0.0.0.0/0');
  });

  test('[NET-3] shows the TLS policy of every public endpoint, or the lack of one', () => {
    expect(lines(zone)).toContain('public-endpoint api/api | execute-api | SecurityPolicy_TLS13_1_3_2025_09 | STRICT');
    const old = changed('api/api', () => ({ SecurityPolicy: undefined }));
    expect(lines(old)).toContain('public-endpoint api/api | execute-api | TLS 1.0 | STRICT');
  });

  test('[HST-2] shows a grant with its condition, and the use of a key', () => {
    const text = surfaceOf(zone);
    const authorizer = functionPath(authorizerName);
    expect(text).toMatch(
      new RegExp(
        `^iam ${authorizer}-role \\| allow dynamodb:UpdateItem on \\S+-tenants if .*dynamodb:Attributes=`,
        'm',
      ),
    );
    const served = functionPath(createPayment.function);
    expect(text).toContain(`\nkey-use ${served}-role | allow kms:GenerateDataKey on keys/key-tenant.Arn\n`);
  });
});
