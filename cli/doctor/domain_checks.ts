// Whether the names that merchants reach are ready: an issued certificate that covers them, and a hosted zone for their record.

import { type Aws, AwsFailure } from '../aws/client.ts';
import { findOut } from './account_checks.ts';
import { type Finding, note, ok, unknown, wrong } from './finding.ts';
import type { RegionNeeds } from './needs.ts';

interface Certificate {
  readonly Status?: string;
  readonly NotAfter?: number;
  readonly SubjectAlternativeNames?: readonly string[];
}

/** A wildcard covers one label. */
const covers = (certified: string, name: string): boolean =>
  certified === name || (certified.startsWith('*.') && certified.slice(1) === name.slice(name.indexOf('.')));

const dayMs = 86_400_000;

export function certificateFinding(
  what: string,
  name: string,
  { Status, NotAfter, SubjectAlternativeNames = [] }: Certificate,
): Finding {
  if (Status === undefined) return unknown(what, 'ACM gives no status');
  if (Status === 'PENDING_VALIDATION')
    return wrong(
      what,
      'waits for its validation',
      'Make the CNAME records that ACM shows; it is then issued within the hour.',
    );
  if (Status !== 'ISSUED')
    return wrong(what, `is ${Status}`, 'Ask for a new one, and put its ARN into strongroom.config.ts.');
  if (!SubjectAlternativeNames.some((certified) => covers(certified, name)))
    return wrong(what, `is for ${SubjectAlternativeNames.join(', ')}`, `It must be for ${name}.`);
  const days = NotAfter === undefined ? null : Math.floor((NotAfter * 1000 - Date.now()) / dayMs);
  return days !== null && days < 30 ? note(what, `issued, ends in ${days} days`) : ok(what, `issued, for ${name}`);
}

const certificateCheck = (aws: Aws, region: string, name: string, certificate: string): Promise<Finding[]> => {
  const what = `${region}: certificate`;
  return findOut(what, async () => {
    const [, , , its] = certificate.split(':');
    if (its !== region) return wrong(what, `is of ${its}`, `API Gateway takes one of ${region} alone.`);
    try {
      const answer = await aws.json('acm', region, 'CertificateManager.DescribeCertificate', {
        CertificateArn: certificate,
      });
      return certificateFinding(what, name, (answer.Certificate ?? {}) as Certificate);
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'ResourceNotFoundException')
        return wrong(what, 'is not in this account', 'Put the ARN of one that is into strongroom.config.ts.');
      throw error;
    }
  });
};

/** The name and all that it stands in: api.us.pay.example.com, us.pay.example.com, … */
const parents = (name: string): string[] => {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
};

const hostedZoneCheck = (aws: Aws, name: string): Promise<Finding[]> => {
  const what = `hosted zone of ${name}`;
  return findOut(what, async () => {
    for (const parent of parents(name)) {
      const query = new URLSearchParams({ dnsname: parent, maxitems: '1' });
      const xml = await aws.get('route53', 'us-east-1', `/2013-04-01/hostedzonesbyname?${query}`);
      if (xml.includes(`<Name>${parent}.</Name>`)) return ok(what, parent);
    }
    return note(what, 'none in this account', `Where your DNS is, point ${name} to the stack's output DomainTarget.`);
  });
};

export async function domainChecks(aws: Aws, { region, domains }: RegionNeeds): Promise<Finding[]> {
  const found = await Promise.all(
    domains.flatMap(({ name, certificate }) => [
      certificateCheck(aws, region, name, certificate),
      hostedZoneCheck(aws, name),
    ]),
  );
  return found.flat();
}
