// `strongroom cost`: what it says of a stage, and what it refuses.

import { beforeAll, describe, expect, it } from 'vitest';
import { edgeOf, requestCost, usualMix } from '../../lib/costs/requests.ts';
import { assembly } from '../kit/run.ts';
import { runToEnd, tooWide } from './command_run.ts';

let folder: string;
beforeAll(async () => {
  folder = await assembly();
});
const cost = (...args: string[]) => runToEnd(['cost', ...args, '--assembly', folder]);

interface Printed {
  readonly zones: readonly {
    readonly zone: string;
    readonly total: { readonly dollars: number; readonly mostDollars: number };
    readonly perMillion: number;
  }[];
}

describe('[HST-3] strongroom cost', () => {
  it('prints each zone of a stage within 80 columns, without colour where no terminal reads it', async () => {
    const { code, output, errors } = await cost('production', '--rps', '10');
    expect([code, errors]).toEqual([0, '']);
    expect(tooWide(output)).toEqual([]);
    expect(output).not.toContain('\u001b');
    for (const words of ['Zone us', 'Zone eu', 'A million requests', 'At 10 requests a second'])
      expect(output).toContain(words);
    expect(output).toMatch(/NAT gateways × [1-9]/);
  });

  it('says the same to programs', async () => {
    const { zones } = JSON.parse((await cost('production', '--json')).output) as Printed;
    expect(zones.map(({ zone }) => zone)).toEqual(['us', 'eu']);
    for (const { total, perMillion } of zones) {
      expect(total.dollars).toBeGreaterThan(0);
      expect(total.mostDollars).toBeGreaterThanOrEqual(total.dollars);
      expect(perMillion).toBeGreaterThan(3.5);
    }
  });

  it.each([
    [['mars'], /no stage mars, but production, development/],
    [['production', '--rps', 'many'], /--rps takes a number/],
    [['production', '--rps=-1'], /--rps takes a number/],
    [['production', '--rps', '-1'], /'--rps' argument is ambiguous.* See strongroom cost --help/],
    [['production', '--operation', 'payments/burn'], /no operation payments\/burn/],
    [['production', 'development'], /Unknown word: development/],
  ])('%j is refused in one sentence', async (args, words) => {
    const { code, output, errors } = await cost(...args);
    expect([code, output]).toEqual([1, '']);
    expect(errors).toMatch(words);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  it('refuses a folder that holds no cloud assembly', async () => {
    const { code, errors } = await runToEnd(['cost', 'production', '--assembly', 'docs']);
    expect(code).toBe(1);
    expect(errors).toMatch(/no cloud assembly in .*docs/);
  });
});

describe('[HST-3] the price of a million requests', () => {
  const region = 'us-east-1';
  const dollarsOf = (service: string, edge: Parameters<typeof requestCost>[1]) =>
    requestCost(usualMix, edge).find((line) => line.service === service)?.dollarsPerMillion;

  it('has WAF only where the templates have a web ACL', () => {
    expect(dollarsOf('WAF', { region, webAcl: true, copies: 1 })).toBeCloseTo(0.6);
    expect(dollarsOf('WAF', { region, webAcl: false, copies: 1 })).toBeUndefined();
  });

  it('pays for the writes of a second region once more, and not for its reads', () => {
    const reads = (copies: number) => requestCost({ 'payments/create': 1 }, { region, webAcl: true, copies });
    const [one, two] = [1, 2].map((copies) => reads(copies).find(({ service }) => service === 'DynamoDB'));
    const write = 0.625 * (9 + 4);
    expect((two?.dollarsPerMillion ?? 0) - (one?.dollarsPerMillion ?? 0)).toBeCloseTo(write);
  });

  it('counts the regions of each table from the templates', () => {
    const table = (...regions: string[]) => ({
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: { Replicas: regions.map((Region) => ({ Region })) },
    });
    const template = { Resources: { a: table(region, 'us-west-2'), b: table(region) } };
    expect(edgeOf([{ region, template }], region)).toEqual({ region, webAcl: false, copies: 1.5 });
  });
});
