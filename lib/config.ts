// The schema of strongroom.config.ts, which is checked when it is loaded. An error names the field and what to write there;
// nothing here asks AWS, so that synthesis works without credentials, accounts or look-ups.

import * as v from 'valibot';
import { tables } from '../contract/capabilities.ts';
import { type ZoneName, zoneNames, zones as zonesOfContract } from '../contract/kernel/zones.ts';
import { profileNames } from './derive/profile.ts';
import { hasSecondRegion } from './derive/second_region.ts';
import { sharedTableNames } from './derive/table_names.ts';

const text = (pattern: RegExp, message: string) => v.pipe(v.string(message), v.regex(pattern, message));

/** An object of these fields and no others: a misspelt one is named, with those that there are. */
const fields = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, ({ expected, input }) => {
    const names = Object.keys(entries).join(', ');
    if (expected === 'never') return `is no field; there are ${names}`;
    return input === undefined || expected?.startsWith('"') === true ? 'is needed' : `holds ${names}`;
  });

const TableNames = fields(
  Object.fromEntries(
    Object.keys(tables).map((name) => [
      name,
      v.optional(text(/^[A-Za-z0-9_.-]{3,255}$/, 'is the physical name of a table, 3 to 255 of A-Z a-z 0-9 _ . -')),
    ]),
  ),
);

const certificateArn = text(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
  'is the ARN of an ACM certificate',
);

const Zone = fields({
  /** AWS account. Absent: the account of the credentials at deployment. */
  account: v.optional(text(/^\d{12}$/, 'is an AWS account id, 12 digits in quotes')),
  /** ACM certificate in the zone's home region for `api.<zone>.<domain>`. */
  certificateArn: v.optional(certificateArn),
  /** The same in the zone's second region, where the stage runs it. */
  secondCertificateArn: v.optional(certificateArn),
  /** Hosted zone of Route 53 for the domain's names in this zone. Absent: they are made by hand. */
  hostedZoneId: v.optional(text(/^Z[A-Z0-9]{1,31}$/, 'is the id of a hosted zone of Route 53')),
  /** Physical names that differ from the default, after a restore into a new table. */
  tableNames: v.optional(TableNames, {}),
});

/** What ACM leaves of the 64 characters of a certificate's first name (ACM guide, "Certificate characteristics"; known, not looked up). */
const longestDomain = 64 - Math.max(...zoneNames.map((zone) => `api.${zone}.`.length));

const Stage = fields({
  /** `locked`: deletion protection, and what holds data outlives its stack. `disposable`: all is deleted with the stack. */
  data: v.picklist(['locked', 'disposable'], "is 'locked' or 'disposable'"),
  /**
   * What is paid for: `production`, or `sandbox`, for trying it out in an account of one's own for a tenth of the price
   * (lib/derive/profile.ts says what it gives up).
   */
  profile: v.optional(v.picklist(profileNames, `is one of: ${profileNames.join(', ')}`), 'production'),
  /** Whether each zone runs in both of its regions. Absent: where data is locked. */
  secondRegion: v.optional(v.boolean('is true or false')),
  /** Merchants reach `https://api.<zone>.<domain>/v1`. Absent: the addresses that API Gateway gives. */
  domain: v.optional(
    v.pipe(
      text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'is a domain name in lower case'),
      v.maxLength(
        longestDomain,
        `has ${longestDomain} characters at most, because a certificate names api.<zone>. before it`,
      ),
    ),
  ),
  zones: v.pipe(
    v.record(
      v.picklist(zoneNames, `is keyed by zones: ${zoneNames.join(', ')}`),
      Zone,
      `holds zones: ${zoneNames.join(', ')}`,
    ),
    v.check((zones) => Object.keys(zones).length > 0, 'holds at least one zone'),
  ),
});

const email = v.pipe(v.string('is an e-mail address'), v.email('is an e-mail address'));
const origin = 'is an https origin without a path, a user or a password';

export const Config = fields({
  contacts: fields({ operations: email, security: email, privacy: email }),
  /** Base URL of the processor that test-mode payments go to. Absent: they need a connection to a provider's test mode. */
  testProcessorUrl: v.optional(
    v.pipe(
      text(/^https:\/\/[^\s/?#@\\]+$/, origin),
      v.check((url) => URL.canParse(url), origin),
    ),
  ),
  stages: v.pipe(
    v.record(
      text(/^[a-z][a-z0-9]{1,14}$/, 'is keyed by stages: 2 to 15 of a-z 0-9, starting with a letter'),
      Stage,
      'holds stages',
    ),
    v.check((stages) => Object.keys(stages).length > 0, 'holds at least one stage'),
  ),
});

export type ConfigInput = v.InferInput<typeof Config>;
export type Config = v.InferOutput<typeof Config>;
export type StageConfig = Config['stages'][string];
export type ZoneConfig = v.InferOutput<typeof Zone>;

/** What is wrong with a configuration: all of it is in the message, and its stack says nothing to who wrote the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(wrong: readonly string[]) {
    super(['strongroom.config.ts is not valid:', ...wrong.map((line) => `  ${line}`)].join('\n'));
  }
}

/** Every zone of every stage, with the place in the file that says so. */
export const zonesOf = (config: Config) =>
  Object.entries(config.stages).flatMap(([stage, { zones, ...rest }]) =>
    (Object.entries(zones) as [ZoneName, ZoneConfig][]).map(([zone, settings]) => ({
      at: `stages.${stage}.zones.${zone}`,
      stage: { name: stage, ...rest },
      zone,
      settings,
    })),
  );

type Place = ReturnType<typeof zonesOf>[number];

/** Errors that no single field shows. */
const contradictions = (config: Config): string[] => {
  const zones = zonesOf(config);
  return zones.flatMap((place, index) => [
    ...wrongCertificate(place, 'certificateArn', zonesOfContract[place.zone].home, true),
    ...wrongCertificate(
      place,
      'secondCertificateArn',
      zonesOfContract[place.zone].second,
      hasSecondRegion(place.stage, place.zone),
    ),
    ...(place.settings.hostedZoneId !== undefined && place.stage.domain === undefined
      ? [`${place.at}.hostedZoneId: serves nothing, because the stage has no domain`]
      : []),
    ...certificatesOfTwoAccounts(place),
    ...sharedTableNames(place, zones),
    ...wrongSandbox(place, config),
    ...sharedAccount(
      place,
      zones.slice(0, index).filter(({ stage }) => stage.name !== place.stage.name),
    ),
    ...(place.stage.domain !== undefined &&
    zones.slice(0, index).some((o) => o.stage.name !== place.stage.name && o.stage.domain === place.stage.domain)
      ? [`${place.at}: the domain ${place.stage.domain} belongs to another stage already`]
      : []),
  ]);
};

/** A sandbox is cheap because nothing in it has to last. */
function wrongSandbox({ at, stage, zone }: Place, config: Config): string[] {
  if (stage.profile !== 'sandbox') return [];
  const [first] = Object.keys(config.stages[stage.name]?.zones ?? {});
  if (zone !== first) return [`${at}: a sandbox has one zone, and this one has ${first}: each costs as much again`];
  return [
    ...(stage.data === 'locked'
      ? [
          `stages.${stage.name}.profile: is 'sandbox', which has no network of its own, no web ACL and few alarms; data that is locked needs them: write 'production'`,
        ]
      : []),
    ...(stage.secondRegion === true
      ? [`stages.${stage.name}.secondRegion: is nothing for a sandbox, whose second region would cost as much again`]
      : []),
  ];
}

/** API Gateway takes a certificate of its own region and account only (custom domain names, regional; read 2026-12-01). */
function wrongCertificate(
  { at, stage, zone, settings }: Place,
  name: 'certificateArn' | 'secondCertificateArn',
  expected: string,
  runs: boolean,
): string[] {
  const field = `${at}.${name}`;
  const { account } = settings;
  const certificate = settings[name];
  if (certificate === undefined) {
    return stage.domain === undefined || !runs ? [] : [`${field}: is needed, because the stage has a domain`];
  }
  const [, , , region, owner] = certificate.split(':');
  return [
    ...(stage.domain === undefined ? [`${field}: serves nothing, because the stage has no domain`] : []),
    ...(runs ? [] : [`${field}: serves nothing, because the stage does not run ${expected}`]),
    ...(region === expected ? [] : [`${field}: is of ${region}; the zone ${zone} takes one of ${expected}`]),
    ...(account === undefined || owner === account
      ? []
      : [`${field}: is of account ${owner}; the zone is deployed to ${account}`]),
  ];
}

/** A zone is of one account; where that is named, each certificate was compared with it. */
function certificatesOfTwoAccounts({ at, settings }: Place): string[] {
  const ownerOf = (certificate: string | undefined): string | undefined => certificate?.split(':')[4];
  const [first, second] = [ownerOf(settings.certificateArn), ownerOf(settings.secondCertificateArn)];
  return settings.account !== undefined || first === undefined || second === undefined || first === second
    ? []
    : [
        `${at}.secondCertificateArn: is of account ${second}, and certificateArn is of ${first}; a zone has one account`,
      ];
}

/** Production is segmented from everything else (promise HST-1). */
function sharedAccount({ at, stage, settings: { account } }: Place, others: readonly Place[]): string[] {
  const sharing = others.find((other) => other.settings.account === account);
  if (sharing === undefined) return [];
  if (account === undefined) {
    return stage.data === 'locked' && sharing.stage.data === 'locked'
      ? [`${at}.account: is needed: stage ${sharing.stage.name} is locked too, and names no account either`]
      : [];
  }
  return [stage.data, sharing.stage.data].includes('locked')
    ? [`${at}.account: is used by stage ${sharing.stage.name} too; a locked stage has accounts of its own`]
    : [];
}

/** The locked stage that a deployment makes, by its name. Others are never protected, so there is nothing to leave off. */
export function stageToCreate(config: Config, name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  const locked = Object.keys(config.stages).filter((stage) => config.stages[stage]?.data === 'locked');
  if (!locked.includes(name)) {
    throw new ConfigError([`STRONGROOM_CREATE: ${name} is no locked stage; there are ${locked.join(', ') || 'none'}`]);
  }
  return name;
}

/** The stage whose functions are changed at once this time, by its name. */
export function stageAtOnce(config: Config, name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  const stages = Object.keys(config.stages);
  if (!stages.includes(name))
    throw new ConfigError([`STRONGROOM_AT_ONCE: ${name} is no stage; there are ${stages.join(', ')}`]);
  return name;
}

/** The configuration, or an error that lists everything that is wrong with it. */
export function configure(input: ConfigInput): Config {
  const parsed = v.safeParse(Config, input);
  const wrong = parsed.success
    ? contradictions(parsed.output)
    : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? '(the whole file)'}: ${issue.message}`);
  if (!parsed.success || wrong.length > 0) throw new ConfigError(wrong);
  return parsed.output;
}
