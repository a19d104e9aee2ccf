// Which places a text names: regions, availability zones, accounts, organizations, buckets, hosts and resources of other zones; and
// which of them are outside of a zone. A name that could be anywhere is outside.

import { type ZoneName, zoneNames, zones } from '../../../contract/kernel/zones.ts';
import { availabilityZonesOf, dynamoDbPrefixList } from '../../derive/network.ts';
import { addressParameters } from './resolve.ts';
import type { Found } from './texts.ts';

export interface Bounds {
  readonly stage: string;
  readonly zone: ZoneName;
  /** Home first. */
  readonly regions: readonly string[];
}

export const boundsOf = (id: string): Bounds => {
  const [stage = '', zone = ''] = (id.split('/')[0] ?? '').split('-');
  if (!zoneNames.includes(zone as ZoneName)) throw new Error(`${id} is no zone of a stage`);
  const { home, second } = zones[zone as ZoneName];
  return { stage, zone: zone as ZoneName, regions: [home, second] };
};

/** Any region that AWS has or may have, also inside of a longer name. */
const region = /(?<![a-z])[a-z]{2}(?:-[a-z]+)?-(?:north|south|east|west|central)(?:east|west)?-\d+(?!\d)/gi;
const availabilityZone = /\b[a-z]{3,5}\d+-az\d+\b/g;
const arn = /\barn:([^:\s"]*):([^:\s"]*):([^:\s"]*):([^:\s"]*):([^\s"]*)/g;
const host = /\b[a-z][a-z0-9+.-]*:\/\/([^\s/"'<>?#:]*)/gi;
const awsHost = /[\w.*-]*\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|cloudfront\.net)\b/gi;

export const regionsIn = (text: string): string[] => (text.match(region) ?? []).map((each) => each.toLowerCase());

/** Names of resources of the same zone, which are where their stack is. */
const withoutReferences = (text: string): string => text.replaceAll(/<[^<>]*>/g, '<>');

/** Services whose ARNs hold no region: their things are an account's, and S3's are told from their names. */
const global = ['iam', 's3'];

const arnFaults = (text: string, { regions }: Bounds): string[] =>
  [...text.matchAll(arn)].flatMap(([whole, partition, service = '', at = '', account = '', rest = '']) => [
    ...(partition === 'aws' ? [] : [`is of the partition ${partition}`]),
    ...(at === '' ? (global.includes(service) ? [] : [`${whole} names no region`]) : []),
    ...(at === '' || regions.includes(at) ? [] : [`${whole} is in ${at}`]),
    ...(ownAccount(service, account) ? [] : [`${whole} is of the account ${account || 'of anybody'}`]),
    // A bucket's name is of the whole world: nothing else of its ARN says where it is.
    ...(service === 's3' ? bucketFaults(rest.split('/')[0] ?? '', regions) : []),
  ]);

const ownAccount = (service: string, account: string): boolean =>
  account === '<account>' ||
  (account === '' && ['s3', 'apigateway'].includes(service)) ||
  // Integrations of API Gateway name the service there, and AWS's own managed policies are AWS's.
  (account === 'lambda' && service === 'apigateway') ||
  (account === 'aws' && service === 'iam');

const bucketFaults = (bucket: string, regions: readonly string[]): string[] =>
  /^<[\w/-]+(?:\.Arn)?>$/.test(bucket) || regionsIn(bucket).some((each) => regions.includes(each))
    ? []
    : [`the bucket ${bucket} may be anywhere`];

const hostFaults = (text: string, found: Found, { regions }: Bounds): string[] => [
  ...[...text.replaceAll(/<[^<>]*>/g, 'ref').matchAll(host)]
    .map(([, name = '']) => name)
    .filter((name) => !name.endsWith('.amazonaws.com') && !isAddress(found))
    .map((name) => `the host ${name} may be anywhere`),
  ...(text.match(awsHost) ?? [])
    .filter((name) => !regionsIn(name).some((each) => regions.includes(each)) && !isPrincipal(found, text))
    .map((name) => `${name} names no region of the zone`),
];

/** Given to clients, or the processor of test mode: nothing that a resource sends its data to. */
const isAddress = ({ at, path }: Found): boolean =>
  at === 'Parameters' && addressParameters.some((name) => path.startsWith(`${name}.`));

/** `lambda.amazonaws.com` is a service of AWS in the stack's own region. */
const isPrincipal = ({ path }: Found, text: string): boolean =>
  /(^|\.)Principal(\.|$)/.test(path) && /^[a-z0-9.-]+\.amazonaws\.com$/.test(text);

const otherZone = (text: string, { stage, zone }: Bounds): string[] =>
  [...text.matchAll(/\bstrongroom[-/]([a-z][a-z0-9]*)[-/](us|eu|apac)\b(?!-(?:north|south|east|west|central))/gi)]
    .filter(([, ofStage, ofZone]) => ofStage !== stage || ofZone !== zone)
    .map(([name]) => `${name} is of another zone or stage`);

const zonesOfRegions = (regions: readonly string[]): string[] =>
  regions.flatMap((each) => [...availabilityZonesOf(each)]);

/** What any text must have one of to name a place, unless its field does. */
const mayNamePlace = /[-:/.{\d]/;
const namesPlace = /Region|region|Bucket|Account/;

/** What the text names outside of the zone, each in a few words. */
export function outsideOf(found: Found, bounds: Bounds): string[] {
  if (found.fault !== undefined) return [found.fault];
  const { text, key } = found;
  if (!mayNamePlace.test(text) && !namesPlace.test(key)) return [];
  const { regions } = bounds;
  const bare = withoutReferences(text.replaceAll('<account>', '@')).replaceAll('@', '<account>');
  return [
    ...new Set([
      ...regionsIn(bare)
        .filter((each) => !regions.includes(each))
        .map((each) => `is in ${each}`),
      ...(bare.match(availabilityZone) ?? [])
        .filter((each) => !zonesOfRegions(regions).includes(each))
        .map((each) => `${each} is no availability zone of the zone`),
      ...(/^pl-/.test(text) && !regions.some((each) => dynamoDbPrefixList(each) === text)
        ? [`${text} is a list of addresses that is not known`]
        : []),
      ...arnFaults(text, bounds),
      ...hostFaults(text, found, bounds),
      ...otherZone(text, bounds),
      ...(bare.match(/(?<![\w-])\d{12}(?![\w-])/g) ?? []).map((each) => `${each} is another account`),
      ...(/^o-[a-z0-9]{10,32}$/.test(text) ? [`${text} is an organization`] : []),
      ...(text.includes('{{resolve:') ? ['is read at deployment, wherever that is'] : []),
      ...keyFaults(key, text, bounds),
    ]),
  ];
}

/** Fields whose value is a region, a bucket or an account, in whatever form. */
const keyFaults = (key: string, text: string, { regions }: Bounds): string[] => [
  ...((/(^|:|[a-z])Regions?$/.test(key) && key !== 'MultiRegion') || /^regions?$/.test(key)
    ? regions.includes(text)
      ? []
      : [`is in ${text || 'a region that is not named'}`]
    : []),
  ...(/Bucket(Name|Arn|ARN)?$/.test(key) && !text.startsWith('arn:') ? bucketFaults(text, regions) : []),
  ...(/^(Source|Owner|Peer)?Account(Id)?$|PrincipalAccount$/.test(key) && text !== '<account>'
    ? [`is of the account ${text}`]
    : []),
];
