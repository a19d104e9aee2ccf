// What AWS charges: first tier, on demand, no free tier, US dollars. `looked_up` tells a figure that was found in a stored copy of
// its page or of AWS's price list, or in a transcript of one, from one that is only known. Nothing here is a quotation: a bill
// is what counts.

interface Figure {
  readonly dollars: number;
  readonly evidence: 'looked_up' | 'known';
}

export interface Price extends Figure {
  /** Of us-east-1, and of every region that `elsewhere` doesn't name. */
  readonly dollars: number;
  /** What `dollars` pays for. */
  readonly units: number;
  readonly of: string;
  readonly source: string;
  /** Month of the look. */
  readonly read: string;
  readonly elsewhere?: Readonly<Partial<Record<string, Figure>>>;
}

const read = '2026-11';
const page = (service: string) => `https://aws.amazon.com/${service}/pricing/`;
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const lambda = page('lambda');
const sqs = page('sqs');
const eventBridge = page('eventbridge');
const cloudWatch = page('cloudwatch');
const vpc = page('vpc');
const privateLink = page('privatelink');
const route53 = page('route53');
const backup = page('backup');

const lookedUp = (dollars: number): Figure => ({ dollars, evidence: 'looked_up' });
const known = (dollars: number): Figure => ({ dollars, evidence: 'known' });
/** Dollars in Ireland, Frankfurt, Sydney and Melbourne; Oregon costs what Virginia does. */
const in4 = (ireland: Figure, frankfurt: Figure, sydney: Figure, melbourne: Figure = sydney) => ({
  'eu-west-1': ireland,
  'eu-central-1': frankfurt,
  'ap-southeast-2': sydney,
  'ap-southeast-4': melbourne,
});

/** An average month. */
export const hoursPerMonth = 730;

/** By use. The figures of eu-west-1 that were looked up are of AWS's price lists of September and October 2026. */
const perUse = {
  writeUnit: {
    ...{ ...lookedUp(0.625), units: 1e6, of: 'write request units', source: dynamodb, read },
    elsewhere: in4(known(0.705), known(0.7625), known(0.7125)),
  },
  readUnit: {
    ...{ ...lookedUp(0.125), units: 1e6, of: 'read request units', source: dynamodb, read },
    elsewhere: in4(known(0.1415), known(0.1525), known(0.1425)),
  },
  /** arm64. */
  lambdaGbSecond: { ...lookedUp(13.3334), units: 1e6, of: 'GB-seconds', source: lambda, read },
  lambdaRequest: { ...lookedUp(0.2), units: 1e6, of: 'invocations', source: lambda, read },
  kmsCall: { ...known(0.03), units: 1e4, of: 'KMS calls', source: page('kms'), read },
  secretCall: { ...lookedUp(0.05), units: 1e4, of: 'Secrets Manager calls', source: page('secrets-manager'), read },
  /** Custom events, up to 64 KB each. */
  busEvent: { ...known(1), units: 1e6, of: 'bus events', source: eventBridge, read },
  /** After filtering; a batch of up to 64 KB is one. */
  pipeRequest: { ...known(0.4), units: 1e6, of: 'Pipes requests', source: eventBridge, read },
  /** A standard queue's 0.40 and the surcharge of fair queues, 0.10, taken for all requests of such a queue. */
  queueCall: { ...lookedUp(0.5), units: 1e6, of: 'SQS requests', source: sqs, read },
  logGb: {
    ...{ ...lookedUp(0.5), units: 1, of: 'GB of logs taken in', source: cloudWatch, read },
    elsewhere: in4(lookedUp(0.57), known(0.63), known(0.67)),
  },
  /** REST API. */
  gatewayCall: {
    ...{ ...lookedUp(3.5), units: 1e6, of: 'API Gateway calls', source: page('api-gateway'), read },
    elsewhere: in4(lookedUp(3.5), known(3.7), known(3.5)),
  },
  wafRequest: { ...known(0.6), units: 1e6, of: 'requests inspected by WAF', source: page('waf'), read },
} as const satisfies Record<string, Price>;

/** By hour or month, whether or not anything is done with it. */
const perMonth = {
  natHour: {
    ...{ ...lookedUp(0.045), units: 1, of: 'hours of a NAT gateway', source: vpc, read },
    elsewhere: in4(lookedUp(0.048), known(0.052), known(0.059)),
  },
  /** In one availability zone. */
  endpointHour: {
    ...{ ...lookedUp(0.01), units: 1, of: 'hours of an interface endpoint in a zone', source: privateLink, read },
    elsewhere: in4(known(0.011), known(0.012), known(0.013)),
  },
  addressHour: { ...lookedUp(0.005), units: 1, of: 'hours of a public IPv4 address', source: vpc, read },
  /** A replica is a key. Its first and its second rotation raise it by as much again each. */
  kmsKeyMonth: { ...known(1), units: 1, of: 'months of a KMS key', source: page('kms'), read },
  secretMonth: { ...lookedUp(0.4), units: 1, of: 'months of a secret', source: page('secrets-manager'), read },
  /** Each metric that an alarm reads. */
  alarmMetricMonth: { ...lookedUp(0.1), units: 1, of: 'months of a metric in an alarm', source: cloudWatch, read },
  /** Of a period below a minute. */
  fastAlarmMetricMonth: { ...known(0.3), units: 1, of: 'the same, below a minute', source: cloudWatch, read },
  compositeAlarmMonth: { ...known(0.5), units: 1, of: 'months of a composite alarm', source: cloudWatch, read },
  /** Billed by the hour in which something was written to it. */
  customMetricMonth: { ...lookedUp(0.3), units: 1, of: 'months of a metric of our own', source: cloudWatch, read },
  dashboardMonth: { ...lookedUp(3), units: 1, of: 'months of a dashboard', source: cloudWatch, read },
  webAclMonth: { ...known(5), units: 1, of: 'months of a web ACL', source: page('waf'), read },
  /** A managed rule group is one rule. */
  wafRuleMonth: { ...known(1), units: 1, of: 'months of a rule of a web ACL', source: page('waf'), read },
  /** One that follows an alarm is taken for one of an endpoint in AWS. */
  healthCheckMonth: { ...lookedUp(0.5), units: 1, of: 'months of a Route 53 health check', source: route53, read },
  hostedZoneMonth: { ...lookedUp(0.5), units: 1, of: 'months of a hosted zone', source: route53, read },
  restoreTest: { ...known(1.5), units: 1, of: 'restore tests of a recovery point', source: backup, read },
} as const satisfies Record<string, Price>;

/** By what is stored or moved. */
const perGb = {
  tableGbMonth: {
    ...{ ...known(0.25), units: 1, of: 'GB-months of a table', source: dynamodb, read },
    elsewhere: in4(known(0.283), known(0.306), known(0.285)),
  },
  pitrGbMonth: {
    ...{ ...known(0.2), units: 1, of: 'GB-months of point-in-time recovery', source: dynamodb, read },
    elsewhere: in4(known(0.226), known(0.2448), known(0.228)),
  },
  backupGbMonth: {
    ...{ ...known(0.1), units: 1, of: 'GB-months of a backup of a table', source: backup, read },
    elsewhere: in4(known(0.113), known(0.1224), known(0.114)),
  },
  logGbMonth: { ...lookedUp(0.03), units: 1, of: 'GB-months of stored logs', source: cloudWatch, read },
  natGb: {
    ...{ ...lookedUp(0.045), units: 1, of: 'GB through a NAT gateway', source: vpc, read },
    elsewhere: in4(lookedUp(0.048), known(0.052), known(0.059)),
  },
  endpointGb: { ...lookedUp(0.01), units: 1, of: 'GB through an interface endpoint', source: privateLink, read },
  outGb: {
    ...{ ...known(0.09), units: 1, of: 'GB sent to the internet', source: page('ec2'), read },
    elsewhere: in4(known(0.09), known(0.09), known(0.114)),
  },
} as const satisfies Record<string, Price>;

export const prices = { ...perUse, ...perMonth, ...perGb } as const;

export type Priced = keyof typeof prices;

/** The dollars for `prices[name].units` in a region, and whether they were looked up. */
export function figureIn(region: string, name: Priced): Figure {
  const price: Price = prices[name];
  return price.elsewhere?.[region] ?? price;
}

/** Dollars for so many units in a region. */
export const dollarsFor = (region: string, name: Priced, count: number): number =>
  (count * figureIn(region, name).dollars) / prices[name].units;

/** Dollars for a million requests that use so much each. */
export const dollarsPerMillion = (used: Partial<Record<Priced, number>>, region = 'us-east-1'): number =>
  Object.entries(used).reduce((sum, [name, units]) => sum + dollarsFor(region, name as Priced, units * 1e6), 0);
