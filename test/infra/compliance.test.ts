// Compliance fails the synthesis: the real app with deliberate faults in its construct tree must stop, and say of each
// which rule, which construct and which promise. Without faults it passes, or no test would run (test/kit/global_setup.ts).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, aws_ec2 as ec2, aws_iot as iot, Stack, Validations } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { createPayment } from '../../contract/payments/operations.ts';
import { buildApp } from '../../lib/app.ts';
import { addCompliance } from '../../lib/compliance/checks.ts';
import { type Exception, exceptions } from '../../lib/compliance/exceptions.ts';
import { configure } from '../../lib/config.ts';
import { authorizerName, functionPath } from '../../lib/derive/function_stack.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { flags } from '../../lib/flags.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { ZoneStage } from '../../lib/stages/zone.ts';
import { unvalidated } from './unvalidated.ts';

const today = '2026-11-21';
const config = configure({ ...referenceConfig, stages: { live: { data: 'locked', zones: { us: {} } } } });

/** What a synthesis of the app with its faults says; it fails, or the test does. */
function complaints(made: (outdir: string) => App): string {
  const outdir = mkdtempSync(join(tmpdir(), 'strongroom-compliance-'));
  try {
    const app = made(outdir);
    unvalidated(() => app.synth());
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(outdir, { recursive: true });
  }
  throw new Error('the synthesis passed');
}

const resource = (app: App, path: string): CfnResource => {
  const found = app.node.findAll().find(({ node }) => node.path === `live-us/${path}`);
  if (!CfnResource.isCfnResource(found)) throw new Error(`no resource is at ${path}`);
  return found;
};

const stackOf = (app: App, name: string): Stack =>
  app.node
    .findAll()
    .find((found): found is Stack => Stack.isStack(found) && found.node.path === `live-us/${name}`) as Stack;

/** A table other than ours: the app made by hand, as lib/app.ts makes it. */
const withExceptions = (table: readonly Exception[]) => (outdir: string) => {
  const app = new App({ outdir, autoSynth: false, analyticsReporting: false, context: flags });
  const stage = config.stages.live;
  if (stage === undefined) throw new Error('the stage is missing');
  addCompliance(app, [new ZoneStage(app, config, homeOf('live', stage, 'us'))], today, table);
  return app;
};

/** Paths of two functions' constructs: the one that every request asks, and one that serves a route. */
const authorizer = functionPath(authorizerName);
const served = functionPath(createPayment.function);

const made = (over: Partial<Exception>): Exception => ({
  id: 'AwsSolutions::AwsSolutions-APIG2',
  at: 'api/api',
  reason: 'for this test',
  owner: 'platform',
  expires: '2027-01-01',
  ...over,
});

/** All faults in one app: each is found beside the others, or hides behind them and fails its test. */
const faults = {
  'point-in-time recovery off in one table': (app: App) => {
    // The last one is the stack's own region.
    const replica = 'Replicas.1.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled';
    resource(app, 'data/payments/Resource').addPropertyOverride(replica, false);
  },
  'a security group opened': (app: App) => {
    const groupId = resource(app, 'network/aws-group').getAtt('GroupId').toString();
    const open = { groupId, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' };
    new ec2.CfnSecurityGroupIngress(stackOf(app, 'network'), 'fault', open);
  },
  'a wildcard action in a role': (app: App) => {
    const action = 'Policies.0.PolicyDocument.Statement.0.Action';
    resource(app, `${authorizer}-role/Resource`).addPropertyOverride(action, 'dynamodb:*');
  },
  'a method without the authorizer': (app: App) => {
    const method = resource(app, 'api/api/Default/v1/payments/POST/Resource');
    method.addPropertyOverride('AuthorizationType', 'NONE');
    method.addPropertyDeletionOverride('AuthorizerId');
  },
  'a stack without protection': (app: App) => {
    stackOf(app, 'data').terminationProtection = false;
  },
  'a type of resource that no rule of ours reads': (app: App) => {
    new iot.CfnThing(stackOf(app, 'data'), 'gadget');
  },
  'a stack that belongs to no zone': (app: App) => {
    new iot.CfnThing(new Stack(app, 'elsewhere', { env: { region: 'ap-northeast-1' } }), 'thing');
  },
  'an exception that code gives to itself': (app: App) => {
    const id = 'AwsSolutions::AwsSolutions-IAM5[Action::dynamodb:*]';
    Validations.of(resource(app, `${served}-role/Resource`)).acknowledge({ id, reason: 'hurry' });
  },
};

describe('a deliberate fault fails the synthesis with rule, construct and promise', () => {
  let said: string;
  beforeAll(() => {
    said = complaints((outdir) => {
      const app = buildApp(config, { outdir, today });
      for (const fault of Object.values(faults)) fault(app);
      return app;
    });
  });

  test('[HST-2] [BCK-1] point-in-time recovery off in one table', () => {
    expect(said).toContain('Strongroom::Strongroom-DDB1');
    expect(said).toContain('live-us/data/payments/Resource');
    expect(said).toContain('[BCK-1]');
    expect(said).toContain('point-in-time recovery is off in us-east-1');
    expect(said).not.toContain('data/tenants');
  });

  test('[HST-2] [NET-1] a security group opened', () => {
    expect(said).toContain('Strongroom::Strongroom-SG1');
    expect(said).toContain('AwsSolutions::AwsSolutions-EC23');
    expect(said).toContain('live-us/network/fault');
    expect(said).toContain('[NET-1]');
  });

  test('[HST-2] a wildcard action in a role', () => {
    expect(said).toContain('Strongroom::Strongroom-IAM1');
    expect(said).toContain(`live-us/${authorizer}-role/Resource`);
    expect(said).toContain('[IAM-1 NET-1]');
    expect(said).toContain('allows dynamodb:*');
  });

  test('[HST-2] [API-1] a method without the authorizer', () => {
    expect(said).toContain('Strongroom::Strongroom-API2');
    expect(said).toContain('live-us/api/api/Default/v1/payments/POST/Resource');
    expect(said).toContain('[API-1]');
    expect(said).toContain('POST /v1/payments has no authorizer');
  });

  test('[HST-2] a locked stack that one call could delete', () => {
    expect(said).toContain('Strongroom::Strongroom-STACK1');
    expect(said).toContain('live-us/data');
  });

  test('[HST-2] a type of resource that no rule of ours reads, named with a construct', () => {
    expect(said).toContain('no rule of ours reads AWS::IoT::Thing');
    expect(said).toContain('live-us/data/gadget');
  });

  test('[HST-2] a stack that belongs to no zone', () => {
    expect(said).toContain('Strongroom::Strongroom-STACK2');
    expect(said).toMatch(/elsewhere[^\n]*\n/);
  });

  test('[HST-2] an exception that code gives to itself', () => {
    expect(said).toContain('AwsSolutions::AwsSolutions-IAM5[Action::dynamodb:*] is acknowledged in code');
    expect(said).toContain(`live-us/${served}-role/Resource`);
  });
});

describe('a sandbox', () => {
  const stages = { trial: { profile: 'sandbox', data: 'disposable', zones: { us: {} } } } as const;
  const alone = configure({ ...referenceConfig, stages });

  test('[HST-2] passes every pack where it is the only stage, with the exceptions of the table', () => {
    expect(() => complaints((outdir) => buildApp(alone, { outdir, today }))).toThrow('the synthesis passed');
  });

  test('[HST-2] fails with a NAT gateway that somebody adds', () => {
    const said = complaints((outdir) => {
      const app = buildApp(alone, { outdir, today });
      const [stack] = app.node.findAll().filter((each) => each.node.path === 'trial-us/data');
      new CfnResource(stack as Stack, 'gateway', {
        type: 'AWS::EC2::NatGateway',
        properties: { SubnetId: 'subnet-1' },
      });
      return app;
    });
    expect(said).toContain('Strongroom::Strongroom-PRO1');
    expect(said).toContain('a sandbox pays for it');
  });
});

describe('a stage of one region', () => {
  test('[HST-2] passes every pack where it is the only one, with the exceptions of the table', () => {
    const stages = { trial: { data: 'disposable', zones: { us: {} } } } as const;
    const alone = configure({ ...referenceConfig, stages });
    expect(() => complaints((outdir) => buildApp(alone, { outdir, today }))).toThrow('the synthesis passed');
  });
});

describe('exceptions', () => {
  const tracing = 'Serverless::Serverless-LambdaTracing';
  const expiring = 'AwsSolutions::AwsSolutions-APIG2';
  const ofSandboxes = 'AwsSolutions::AwsSolutions-APIG6';
  let said: string;
  beforeAll(() => {
    const rows = exceptions.filter(({ id }) => id !== tracing);
    const table = rows.map((row) => ({
      ...row,
      ...(row.id === expiring && { expires: today }),
      ...(row.id === ofSandboxes && { profile: 'sandbox' as const }),
    }));
    said = complaints(withExceptions([...table, made({ at: 'data/nothing' })]));
  });

  test('[HST-2] an expired one fails the synthesis, and its finding is back', () => {
    expect(said).toContain(`${expiring} at api/api expired on ${today}`);
    expect(said).toContain(`Acknowledge with '${expiring}'`);
    expect(said).toContain('live-us/api/api/Resource');
  });

  test('[HST-2] one that matches no finding fails the synthesis', () => {
    expect(said).toContain(`${expiring} at data/nothing matches no finding`);
  });

  test('[HST-2] one that is for sandboxes covers nothing in production, and is not called unused where there is no sandbox', () => {
    expect(said).toContain(`Acknowledge with '${ofSandboxes}'`);
    expect(said).not.toContain(`${ofSandboxes} at api/api/DeploymentStage.api matches no finding`);
  });

  test('[HST-2] what a pack calls a warning fails too where none is given', () => {
    expect(said).toContain(tracing);
    expect(said).toContain(`live-us/${served}/Resource`);
    expect(said).toContain('ERROR [NET-1 HST-3] The Lambda function does not have tracing');
  });

  test('[HST-2] each has a reason that says something, and an end within thirteen months', () => {
    for (const row of exceptions) {
      expect(row.reason.length, row.id).toBeGreaterThan(40);
      expect(row.expires, row.id).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(Date.parse(row.expires) - Date.parse(today), row.id).toBeLessThan(396 * 86_400_000);
      expect(row.id).toMatch(/^(AwsSolutions|NIST\.800\.53\.R5|HIPAA\.Security|Serverless)::/);
    }
  });

  test('[HST-2] none is from a rule of our own: such a rule is changed, or kept', () => {
    expect(exceptions.filter(({ id }) => id.startsWith('Strongroom'))).toEqual([]);
  });
});
