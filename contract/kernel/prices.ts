// What AWS charges for what a request uses: us-east-1, first tier, no free tier, US dollars. `looked_up` tells a figure that
// was found in November 2026 in a stored copy of its page, or in a transcript of it, from one that is only known. Nothing
// here is a quotation: a bill is what counts.

export interface Price {
  readonly dollars: number;
  /** What `dollars` pays for. */
  readonly units: number;
  readonly of: string;
  readonly source: string;
  readonly evidence: 'looked_up' | 'known';
  /** Month of the look. */
  readonly read: string;
}

const read = '2026-11';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const sqs = 'https://aws.amazon.com/sqs/pricing/';
const eventBridge = 'https://aws.amazon.com/eventbridge/pricing/';

export const prices = {
  writeUnit: { dollars: 0.625, units: 1e6, of: 'write request units', source: dynamodb, evidence: 'looked_up', read },
  readUnit: { dollars: 0.125, units: 1e6, of: 'read request units', source: dynamodb, evidence: 'looked_up', read },
  /** arm64. */
  lambdaGbSecond: { dollars: 13.3334, units: 1e6, of: 'GB-seconds', source: lambda, evidence: 'looked_up', read },
  lambdaRequest: { dollars: 0.2, units: 1e6, of: 'invocations', source: lambda, evidence: 'looked_up', read },
  kmsCall: {
    dollars: 0.03,
    units: 1e4,
    of: 'KMS calls',
    source: 'https://aws.amazon.com/kms/pricing/',
    evidence: 'known',
    read,
  },
  secretCall: {
    dollars: 0.05,
    units: 1e4,
    of: 'Secrets Manager calls',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
    evidence: 'looked_up',
    read,
  },
  /** Custom events, up to 64 KB each. */
  busEvent: { dollars: 1, units: 1e6, of: 'bus events', source: eventBridge, evidence: 'known', read },
  /** After filtering; a batch of up to 64 KB is one. */
  pipeRequest: { dollars: 0.4, units: 1e6, of: 'Pipes requests', source: eventBridge, evidence: 'known', read },
  /** A standard queue's 0.40 and the surcharge of fair queues, 0.10, taken for all requests of such a queue. */
  queueCall: { dollars: 0.5, units: 1e6, of: 'SQS requests', source: sqs, evidence: 'looked_up', read },
  logGb: {
    dollars: 0.5,
    units: 1,
    of: 'GB of logs taken in',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    evidence: 'looked_up',
    read,
  },
  /** REST API. */
  gatewayCall: {
    dollars: 3.5,
    units: 1e6,
    of: 'API Gateway calls',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
    evidence: 'looked_up',
    read,
  },
  wafRequest: {
    dollars: 0.6,
    units: 1e6,
    of: 'requests inspected by WAF',
    source: 'https://aws.amazon.com/waf/pricing/',
    evidence: 'known',
    read,
  },
} as const satisfies Record<string, Price>;

export type Priced = keyof typeof prices;

/** Dollars for a million requests that use so much each. */
export const dollarsPerMillion = (used: Partial<Record<Priced, number>>): number =>
  Object.entries(used).reduce((sum, [name, units]) => {
    const { dollars, units: per } = prices[name as Priced];
    return sum + (units * dollars * 1e6) / per;
  }, 0);
