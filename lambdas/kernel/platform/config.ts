// The environment, read in one place and nowhere else. A missing variable is a defect of the deployment: it is named,
// never replaced by a default.

import type { QueueName, TableName } from '../../../contract/capabilities.ts';
import { variables } from '../../../contract/kernel/environment.ts';
import type { KmsKeyName, PlatformSecretName } from '../../../contract/kernel/kms_keys.ts';
import { leastClass, type RateClass, rateClasses } from '../../../contract/kernel/rates.ts';
import { type ZoneName, zones } from '../../../contract/kernel/zones.ts';
import { Defect } from '../domain/refusal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `ERROR` is none of them: alarms count warnings, and a log without them would be silent. */
const logLevels = ['DEBUG', 'INFO', 'WARN'] as const;

const writerModes = ['lease', 'configured', 'standby'] as const;

export interface LogConfig {
  readonly service: string;
  /** The least that is logged. */
  readonly level: (typeof logLevels)[number];
  /** Share, 0 to 1, of invocations in which every level is logged. */
  readonly sampleRate: number;
}

export interface Config {
  readonly functionName: string;
  readonly stage: string;
  readonly zone: ZoneName;
  readonly region: string;
  /** Where AWS is reached when it isn't AWS itself: the local cloud, an emulator. */
  readonly awsEndpoint: string | undefined;
  /** `configured`: this region is the zone's writer for good, by its configuration; `standby`: it never is. */
  readonly writer: (typeof writerModes)[number];
  /** Undefined where the deployment has no test processor. */
  readonly testProcessorUrl: string | undefined;
  /** Origin of the zone's other region. Undefined: there is none, or no address of it. */
  readonly otherRegionUrl: string | undefined;
  /** Name of the zone's event bus. */
  readonly bus: string;
  readonly logging: LogConfig;
  /** Undefined where the stage has no domain: the zone's own address is then the API's (http/base_url.ts). */
  baseUrl(zone: ZoneName): string | undefined;
  /** The class under whose limit a route's requests are counted; for a route that has none, the one with the least. */
  rateClass(method: string, resource: string): RateClass;
  /** Id of the usage plan of that rate (contract/kernel/rates.ts). */
  usagePlan(rate: string): string;
  /** The one loopback origin to which webhooks of test mode may go; undefined in AWS. */
  readonly listenOrigin: string | undefined;
  /** URL of an SQS queue. */
  queue(name: QueueName): string;
  table(name: TableName): string;
  key(name: KmsKeyName): string;
  secret(name: PlatformSecretName): string;
}

/** Parsed once: a function's environment doesn't change while it lives. */
const parsed = new Map<string, unknown>();

/** The text under `name` in a JSON object. */
const entryOf = (json: string, name: string): string | undefined => {
  if (!parsed.has(json)) parsed.set(json, JSON.parse(json));
  const entries = parsed.get(json);
  const found =
    typeof entries === 'object' && entries !== null && Object.hasOwn(entries, name)
      ? (entries as Record<string, unknown>)[name]
      : undefined;
  return typeof found === 'string' ? found : undefined;
};

export function readConfig(environment: Environment): Config {
  const need = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Defect(`environment variable ${name} is missing`);
    return value;
  };
  /** It must be there, and may be empty. */
  const given = (name: string): string | undefined => (environment[name] === '' ? undefined : need(name));
  return {
    get functionName() {
      return need('AWS_LAMBDA_FUNCTION_NAME');
    },
    get stage() {
      return need(variables.stage);
    },
    get zone() {
      const zone = need(variables.zone);
      if (!Object.hasOwn(zones, zone)) throw new Defect(`environment variable ${variables.zone} names no zone`);
      return zone as ZoneName;
    },
    get region() {
      return need('AWS_REGION');
    },
    get awsEndpoint() {
      return environment.AWS_ENDPOINT_URL || undefined;
    },
    get writer() {
      return writerMode(need(variables.writer));
    },
    get testProcessorUrl() {
      return given(variables.testProcessorUrl);
    },
    get otherRegionUrl() {
      return given(variables.otherRegionUrl);
    },
    get bus() {
      return need(variables.bus);
    },
    get logging() {
      return logConfig(need);
    },
    baseUrl: (zone) => entryOf(need(variables.baseUrls), zone),
    rateClass(method, resource) {
      const named = entryOf(need(variables.rateClasses), `${method} ${resource}`);
      return rateClasses.find((rateClass) => rateClass === named) ?? leastClass;
    },
    usagePlan(rate) {
      const id = entryOf(need(variables.usagePlans), rate);
      if (id === undefined) throw new Defect(`environment variable ${variables.usagePlans} has no ${rate}`);
      return id;
    },
    get listenOrigin() {
      return environment[variables.listenOrigin] || undefined;
    },
    queue: (name) => need(variables.queue(name)),
    table: (name) => need(variables.table(name)),
    key: (name) => need(variables.key(name)),
    secret: (name) => need(variables.secret(name)),
  };
}

function writerMode(asked: string): Config['writer'] {
  const mode = writerModes.find((each) => each === asked);
  if (mode === undefined) throw new Defect(`environment variable ${variables.writer} is none of ${writerModes}`);
  return mode;
}

function logConfig(need: (name: string) => string): LogConfig {
  const asked = need(variables.logLevel);
  const level = logLevels.find((each) => each === asked);
  if (level === undefined) throw new Defect(`environment variable ${variables.logLevel} is none of ${logLevels}`);
  const sampleRate = Number(need(variables.logSampleRate));
  if (!(sampleRate >= 0 && sampleRate <= 1)) {
    throw new Defect(`environment variable ${variables.logSampleRate} is no share`);
  }
  return { service: need(variables.service), level, sampleRate };
}
