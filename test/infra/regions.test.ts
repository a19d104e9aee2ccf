// The two regions of a zone: the second one has what the home has, under keys and secrets of its own, and is deployed in an order in
// which everything is there before it is named.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { buildApp } from '../../lib/app.ts';
import { configure } from '../../lib/config.ts';
import { streamFinderCode } from '../../lib/constructs/stream_finder.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { regionless, secondSurfaceOf } from '../../lib/evidence/surface.ts';
import type { ZoneTemplates } from '../../lib/evidence/template.ts';
import { notesOn } from '../../lib/notes.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { textIn } from '../kit/deployed.ts';
import { dressedAssembly } from '../kit/run.ts';
import { cdkOut, only } from './templates.ts';
import { unvalidated } from './unvalidated.ts';

const dressed = await dressedAssembly();
const regions = readAssembly(cdkOut);
const region = (id: string): ZoneTemplates => only(regions.filter((each) => each.id === id));
const home = region('production-us');
const second = region('production-us/second');

describe('the regions of a stage', () => {
  test('[RES-4] a locked stage runs both regions of its zones, a disposable one its homes alone', () => {
    expect(regions.map(({ id, region: name }) => [id, name]).sort()).toEqual(
      [
        ['development-eu', geography.eu.home],
        ['development-us', geography.us.home],
        ['production-eu', geography.eu.home],
        ['production-eu/second', geography.eu.second],
        ['production-us', geography.us.home],
        ['production-us/second', geography.us.second],
        ['sandbox-us', geography.us.home],
      ].sort(),
    );
  });

  test('[RES-4] the regions of a zone agree in all that they expose and allow, but for a closed list', () => {
    const known = [
      // Keys are made in one region, and the other has replicas of them; so it is with secrets, which rotate where they are made.
      /^[-+] (key|holds|set) keys\/(key|alias)-\S+ /,
      /^- \S+ secrets\/secret-/,
      /^- \S+ functions\/rotator-(schedule|for)-/,
      /^- caller functions\/rotator\.Arn \| secretsmanager\.amazonaws\.com/,
      // A table stands in the template of the home, with its replica.
      /^- (table|holds|set) data\/\w+ /,
      // AWS's list of DynamoDB's addresses.
      /^[-+] group network\/aws-group \| out \| tcp 443 \| pl-[0-9a-f]+$/,
      // A second region has one NAT gateway (lib/derive/profile.ts).
      /^[-+] (set|holds|way-out) network\/(vpc\/(public|egress)Subnet2\/(NATGateway|DefaultRoute|RouteTable)|egress-address-2)/,
      // Backups are made and tried out at home; the other region has a vault of copies.
      /^- \S+ (recovery\/|watch\/backup-(failing|missing))/,
      // What finds the streams of replicas, at deployment.
      /^\+ \S+ data\/stream-/,
    ];
    const lines = secondSurfaceOf(home, second)
      .split('\n')
      .filter((line) => /^[-+] /.test(line));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => !known.some((pattern) => pattern.test(line)))).toEqual([]);
  });

  test('[RES-4] every resource of network, queues, web ACL, functions, API and alarms is the same in both', () => {
    const alike = ['network', 'relay', 'edge', 'functions', 'api', 'watch'];
    const byName = (zone: ZoneTemplates): Map<string, string> =>
      new Map(
        zone.resources
          .filter(({ name, type }) => alike.includes(name.split('/')[0] ?? '') && !type.includes('Rotation'))
          .map(({ name, type, p }) => [
            // CDK names the authorizer's permission by a digest of its path.
            `${type} ${name}`.replace(/productionus(second)?apiapiauthorizer[0-9A-F]{8}/, 'authorizer'),
            regionless(JSON.stringify(p), zone)
              // Of tags with names.
              .replaceAll('production-us/second/', 'production-us/')
              // The home's dashboard shows its alarms on backups too.
              .replaceAll(/,\\"arn:aws:cloudwatch:[^"\\]*backup-(failing|missing)\\"/g, '')
              .replaceAll(/\b(use1|usw2)-az/g, 'az')
              .replaceAll(/\bpl-[0-9a-f]+/g, 'pl'),
          ]),
      );
    const [here, there] = [byName(home), byName(second)];
    const homesOwn =
      /functions\/rotator-for-|watch\/backup-(failing|missing)|network\/(egress-address-2|vpc\/publicSubnet2\/NATGateway)/;
    expect([...there.keys()].sort()).toEqual([...here.keys()].filter((name) => !homesOwn.test(name)).sort());
    for (const [name, properties] of there) {
      // Through the one NAT gateway.
      if (name.endsWith('network/vpc/egressSubnet2/DefaultRoute')) continue;
      // Names of dashboards and roles hold the region, which is told alike above; a deployment's name is a digest of its routes.
      expect(properties, name).toBe(here.get(name));
    }
  });

  test('[RES-2] no replica of a table, a key or a secret is in another region than the zone’s second one', () => {
    for (const zone of regions) {
      const [, name = 'us'] = /-(\w+)/.exec(zone.id) ?? [];
      const inside: string[] = Object.values(geography[name as keyof typeof geography]).filter((each) => each !== null);
      const elsewhere = [...JSON.stringify(zone.resources).matchAll(/\b(?:us|eu|ap|ca|sa|me|af|il)-[a-z]+-\d\b/g)]
        .map(([found]) => found)
        .filter((found) => !inside.includes(found));
      expect(elsewhere, zone.id).toEqual([]);
    }
  });
});

describe('the order of deployment', () => {
  const { artifacts } = JSON.parse(textIn(cdkOut, 'assembly-production-us/manifest.json'));
  const idOf = (stack: string): string =>
    Object.keys(artifacts).find((id) => artifacts[id].displayName === `production-us/${stack}`) ?? '';
  const predecessors = (id: string, seen = new Set<string>()): Set<string> => {
    for (const each of artifacts[id]?.dependencies ?? []) {
      if (seen.has(each)) continue;
      seen.add(each);
      predecessors(each, seen);
    }
    return seen;
  };

  test.each([
    ['second/keys', 'keys'],
    ['secrets', 'second/keys'],
    ['data', 'second/keys'],
    ['second/data', 'data'],
    ['second/network', 'secrets'],
    ['second/functions', 'second/data'],
    ['second/functions', 'secrets'],
    ['functions', 'data'],
    ['second/api', 'second/functions'],
    ['second/watch', 'second/api'],
  ])('[RES-4] %s is deployed after %s', (later, earlier) => {
    expect(artifacts[idOf(earlier)], earlier).toBeDefined();
    expect(predecessors(idOf(later)).has(idOf(earlier))).toBe(true);
  });
});

describe('the address of a zone', () => {
  const named = readAssembly(dressed);
  const here = only(named.filter(({ id }) => id === 'live-eu'));
  const there = only(named.filter(({ id }) => id === 'live-eu/second'));
  const records = here.resources.filter(({ type }) => type === 'AWS::Route53::RecordSet').map(({ p }) => p);

  test('[RES-4] leads to the home, and to the second region while the canary there says that the home is down or that its own region writes', () => {
    const api = records.filter(({ Name }) => Name === 'api.eu.pay.example.com.');
    expect(
      api.map(({ Failover, AliasTarget, HealthCheckId }) => [Failover, AliasTarget.DNSName, HealthCheckId]),
    ).toEqual([
      ['PRIMARY', 'api/domain.RegionalDomainName', 'names/home-leads.HealthCheckId'],
      ['SECONDARY', 'eu-central-1/api/domain.RegionalDomainName', undefined],
    ]);
    const checks = here.resources.filter(({ type }) => type === 'AWS::Route53::HealthCheck');
    expect(Object.fromEntries(checks.map(({ name, p }) => [name, p.HealthCheckConfig]))).toEqual({
      'names/home-leads': {
        Type: 'CALCULATED',
        ChildHealthChecks: ['names/home-answers.HealthCheckId', 'names/home-writes.HealthCheckId'],
        HealthThreshold: 2,
      },
      'names/home-answers': {
        Type: 'CLOUDWATCH_METRIC',
        AlarmIdentifier: { Name: 'strongroom-live-eu-region-unreachable', Region: 'eu-central-1' },
        InsufficientDataHealthStatus: 'LastKnownStatus',
      },
      'names/home-writes': {
        Type: 'CLOUDWATCH_METRIC',
        AlarmIdentifier: { Name: 'strongroom-live-eu-second-region-writes', Region: 'eu-central-1' },
        InsufficientDataHealthStatus: 'Healthy',
      },
    });
  });

  test.each([
    ['region-unreachable', 'other_region_unhealthy', 2],
    ['second-region-writes', 'second_region_writes', 1],
  ])('[RES-4] follows %s, of one metric without queries, which is all that Route 53 reads', (name, metric, periods) => {
    const alarm = only(there.resources.filter(({ p }) => p.AlarmName === `strongroom-live-eu-${name}`));
    expect(alarm.p).toMatchObject({
      Namespace: 'Strongroom/live/eu',
      MetricName: metric,
      Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      Period: 120,
      EvaluationPeriods: periods,
    });
    expect(alarm.p.Metrics).toBeUndefined();
    const filter = only(
      there.resources.filter(
        ({ type, p }) => type === 'AWS::Logs::MetricFilter' && p.MetricTransformations[0].MetricName === metric,
      ),
    );
    // Route 53 looks at the metric itself: nothing counted must be a figure.
    expect(filter.p.MetricTransformations[0].DefaultValue).toBe(0);
  });

  test('[RES-4] each region has an address of its own, by which the other one’s canary reaches it', () => {
    const addressOf = ({ stacks }: ZoneTemplates): unknown =>
      stacks.get('functions')?.template.Parameters.OtherRegionUrl.Default;
    expect([addressOf(here), addressOf(there)]).toEqual([
      'https://api-eu-central-1.eu.pay.example.com',
      'https://api-eu-west-1.eu.pay.example.com',
    ]);
    expect(records.map(({ Name, AliasTarget }) => [Name, AliasTarget.DNSName])).toEqual(
      expect.arrayContaining([
        ['api-eu-west-1.eu.pay.example.com.', 'api/region-domain.RegionalDomainName'],
        ['api-eu-central-1.eu.pay.example.com.', 'eu-central-1/api/region-domain.RegionalDomainName'],
      ]),
    );
  });

  test('without a domain there is none but each region’s own, and no canary that calls it', () => {
    expect(home.stacks.has('names')).toBe(false);
    expect(home.stacks.get('functions')?.template.Parameters.OtherRegionUrl.Default).toBe('');
  });
});

describe('the zone apac', () => {
  const config = configure({ ...referenceConfig, stages: { live: { data: 'locked', zones: { apac: {} } } } });

  test('[RES-3] is one line of the configuration, and runs in its home alone, which is said', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'strongroom-apac-'));
    try {
      unvalidated(() => buildApp(config, { outdir, today: '2026-11-21' }).synth());
      expect(readdirSync(outdir)).toContain('assembly-live-apac');
      const zone = only(readAssembly(outdir).filter(({ id }) => id.startsWith('live-')));
      expect(zone.region).toBe(geography.apac.home);
      expect(zone.resources.filter(({ type }) => type === 'AWS::DynamoDB::GlobalTable').length).toBeGreaterThan(5);
    } finally {
      rmSync(outdir, { recursive: true });
    }
    expect(notesOn(config).join()).toContain('runs the zone apac in ap-southeast-2 alone');
  });
});

describe('the function that finds the streams of replicas', () => {
  const answers: { readonly contentType: string | undefined; readonly body: Record<string, unknown> }[] = [];
  let server: Server;
  let asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        answers.push({
          contentType: request.headers['content-type'],
          body: JSON.parse(Buffer.concat(parts).toString()),
        });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  /** Its code as Lambda runs it, with a DynamoDB that knows these streams. */
  const run = async (event: object, streams: Readonly<Record<string, string | undefined>>) => {
    asked = [];
    const exports: { handler?: (event: object) => Promise<void> } = {};
    const sdk = {
      DescribeTableCommand: class {
        readonly input: { readonly TableName: string };
        constructor(input: { readonly TableName: string }) {
          this.input = input;
        }
      },
      DynamoDBClient: class {
        async send({ input: { TableName } }: { readonly input: { readonly TableName: string } }) {
          asked.push(TableName);
          if (!(TableName in streams))
            throw Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });
          return { Table: { LatestStreamArn: streams[TableName] } };
        }
      },
    };
    const load = createRequire(import.meta.url);
    const require = (name: string) => (name === '@aws-sdk/client-dynamodb' ? sdk : load(name));
    runInNewContext(streamFinderCode, { exports, require, fetch, JSON, Object, Error });
    await exports.handler?.({
      ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'stream',
      ...event,
    });
    return answers.at(-1);
  };
  const asking = (RequestType: string) => ({ RequestType, ResourceProperties: { TableName: 'payments' } });

  test('[RES-4] answers with the stream that DynamoDB names, with the content type that CloudFormation signed', async () => {
    const answer = await run(asking('Create'), { payments: 'arn:stream/1' });
    expect(answer?.contentType).toBe('');
    expect(answer?.body).toEqual({
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'stream',
      PhysicalResourceId: 'arn:stream/1',
      Data: { StreamArn: 'arn:stream/1' },
      Status: 'SUCCESS',
    });
  });

  test('[RES-4] fails the deployment where there is no table or no stream, with the reason', async () => {
    expect((await run(asking('Create'), {}))?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'ResourceNotFoundException: no such table',
    });
    const without = await run(asking('Update'), { payments: undefined });
    expect(without?.body).toMatchObject({ Status: 'FAILED', Reason: 'Error: payments has no stream' });
  });

  test('asks nothing when its resource goes, so that a stack can be deleted after its table', async () => {
    const answer = await run({ ...asking('Delete'), PhysicalResourceId: 'arn:stream/1' }, {});
    expect(answer?.body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'arn:stream/1' });
    expect(asked).toEqual([]);
  });
});
