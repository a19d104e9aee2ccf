// The schema of strongroom.config.ts, which is checked when it is loaded. An error names the field and what to write there;
// nothing here asks AWS, so that synthesis works without credentials, accounts or look-ups.

import * as v from 'valibot';
import { tables } from '../contract/capabilities.ts';
import { type ZoneName, zoneNames } from '../contract/kernel/zones.ts';

const text = (pattern: RegExp, message: string) => v.pipe(v.string(message), v.regex(pattern, message));

const TableNames = v.strictObject(
  Object.fromEntries(
    Object.keys(tables).map((name) => [
      name,
      v.optional(text(/^[A-Za-z0-9_.-]{3,255}$/, 'is the physical name of a table, 3 to 255 of A-Z a-z 0-9 _ . -')),
    ]),
  ),
  'names tables of the contract only',
);

const Zone = v.strictObject({
  /** AWS account. Absent: the account of the credentials at deployment. */
  account: v.optional(text(/^\d{12}$/, 'is an AWS account id, 12 digits in quotes')),
  /** ACM certificate in the zone's home region for `api.<zone>.<domain>`. */
  certificateArn: v.optional(
    text(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/, 'is the ARN of an ACM certificate'),
  ),
  /** Physical names that differ from the default, after a restore into a new table. */
  tableNames: v.optional(TableNames, {}),
});

const Stage = v.strictObject({
  /** `locked`: deletion protection, and what holds data outlives its stack. `disposable`: all is deleted with the stack. */
  data: v.picklist(['locked', 'disposable'], "is 'locked' or 'disposable'"),
  /** Merchants reach `https://api.<zone>.<domain>/v1`. Absent: the addresses that API Gateway gives. */
  domain: v.optional(text(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'is a domain name in lower case')),
  zones: v.pipe(
    v.record(v.picklist(zoneNames, `is keyed by zones: ${zoneNames.join(', ')}`), Zone),
    v.check((zones) => Object.keys(zones).length > 0, 'holds at least one zone'),
  ),
});

const email = v.pipe(v.string('is an e-mail address'), v.email('is an e-mail address'));

export const Config = v.strictObject({
  contacts: v.strictObject({ operations: email, security: email, privacy: email }),
  /** Base URL of the processor that test-mode payments go to. Absent: they need a connection to a provider's test mode. */
  testProcessorUrl: v.optional(text(/^https:\/\/[^\s/?#]+$/, 'is an https origin without a path')),
  stages: v.record(
    text(/^[a-z][a-z0-9]{1,14}$/, 'is keyed by stages: 2 to 15 of a-z 0-9, starting with a letter'),
    Stage,
  ),
});

export type ConfigInput = v.InferInput<typeof Config>;
export type Config = v.InferOutput<typeof Config>;
export type StageConfig = Config['stages'][string];
export type ZoneConfig = v.InferOutput<typeof Zone>;

const zonesOf = (config: Config) =>
  Object.entries(config.stages).flatMap(([stage, { zones, ...rest }]) =>
    (Object.entries(zones) as [ZoneName, ZoneConfig][]).map(([zone, settings]) => ({
      at: `stages.${stage}.zones.${zone}`,
      stage: { name: stage, ...rest },
      zone,
      settings,
    })),
  );

/** Errors that no single field shows. */
const contradictions = (config: Config): string[] => {
  const zones = zonesOf(config);
  return zones.flatMap(({ at, stage, settings }, index) => {
    const before = zones.slice(0, index);
    const sharing = before.find(
      (other) => other.stage.name !== stage.name && other.settings.account === settings.account,
    );
    return [
      ...(stage.domain !== undefined && settings.certificateArn === undefined
        ? [`${at}.certificateArn: is needed, because the stage has a domain`]
        : []),
      // Production is segmented from everything else (promise HST-1).
      ...(settings.account !== undefined && sharing !== undefined && [stage.data, sharing.stage.data].includes('locked')
        ? [`${at}.account: is used by stage ${sharing.stage.name} too; a locked stage has accounts of its own`]
        : []),
      ...(stage.domain !== undefined &&
      before.some((o) => o.stage.name !== stage.name && o.stage.domain === stage.domain)
        ? [`${at}: the domain ${stage.domain} belongs to another stage already`]
        : []),
    ];
  });
};

/** The configuration, or an error that lists everything that is wrong with it. */
export function configure(input: ConfigInput): Config {
  const parsed = v.safeParse(Config, input);
  const wrong = parsed.success
    ? contradictions(parsed.output)
    : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? '(the whole file)'}: ${issue.message}`);
  if (!parsed.success || wrong.length > 0) {
    throw new Error(`strongroom.config.ts is not valid:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  }
  return parsed.output;
}
