// What the stacks of a stage need of an account, for each region, counted from their templates.

import type { AssembledStack } from '../../lib/cloud_assembly.ts';
import { createdResources, type Resource } from '../../lib/template.ts';

/** What there is a quota for. */
export interface Counted {
  readonly reservedConcurrency: number;
  readonly vpcs: number;
  readonly addresses: number;
  readonly apiKeys: number;
}

export interface RegionNeeds {
  /** Null: that of the credentials. */
  readonly account: string | null;
  readonly region: string;
  readonly stacks: readonly AssembledStack[];
  readonly bootstrapVersion: number;
  /** Requests a second that the stage's own throttle lets through. */
  readonly throttle: number;
  /** The names that API Gateway serves, each with the certificate that it shows. */
  readonly domains: readonly { readonly name: string; readonly certificate: string }[];
}

const of = (stacks: readonly AssembledStack[], type: string): Resource[] =>
  stacks.flatMap(({ template }) => createdResources(template)).filter(({ Type }) => Type === type);

export const countedIn = (stacks: readonly AssembledStack[]): Counted => ({
  reservedConcurrency: of(stacks, 'AWS::Lambda::Function').reduce(
    (sum, { Properties }) => sum + Number(Properties?.ReservedConcurrentExecutions ?? 0),
    0,
  ),
  vpcs: of(stacks, 'AWS::EC2::VPC').length,
  addresses: of(stacks, 'AWS::EC2::EIP').length,
  apiKeys: of(stacks, 'AWS::ApiGateway::ApiKey').length,
});

interface MethodSettings {
  readonly ThrottlingRateLimit?: number;
}

const throttlesOf = ({ Properties }: Resource): number[] =>
  (Properties?.MethodSettings ?? []).map(({ ThrottlingRateLimit = 0 }: MethodSettings) => ThrottlingRateLimit);

/** A row for each account and region. */
export function needsOf(stacks: readonly AssembledStack[]): RegionNeeds[] {
  const places = Map.groupBy(stacks, ({ account, region }) => `${account ?? ''}/${region}`);
  return [...places.values()].flatMap((there) => {
    const [first] = there;
    if (first === undefined) return [];
    return {
      account: first.account,
      region: first.region,
      stacks: there,
      bootstrapVersion: Math.max(...there.map(({ bootstrapVersion }) => bootstrapVersion)),
      throttle: Math.max(0, ...of(there, 'AWS::ApiGateway::Stage').flatMap(throttlesOf)),
      domains: of(there, 'AWS::ApiGateway::DomainName').map(({ Properties }) => ({
        name: String(Properties?.DomainName),
        certificate: String(Properties?.RegionalCertificateArn),
      })),
    };
  });
}
