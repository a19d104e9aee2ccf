// The business behind a tenant, as its verification needs it: who it is, and which people own and direct it. Every field may be
// missing until it is submitted; `requirements` names what is.

import * as v from 'valibot';
import { countries } from '../kernel/countries.ts';
import { Id, Text, Timestamp } from '../kernel/fields.ts';
import { businessLimits as limits } from './limits.ts';
import { Capabilities, closedAt, Suspension, verifications } from './tenant.ts';

export const businessForms = ['company', 'nonprofit', 'sole_proprietor'] as const;
export const personRoles = ['owner', 'director'] as const;
export const rejectionReasons = [
  'details_not_confirmed',
  'people_not_confirmed',
  'business_not_supported',
  'sanctioned',
  'other',
] as const;

const Country = v.picklist(countries, 'Expected an ISO 3166-1 code of two upper-case letters');
const field = v.optional(Text(limits.fieldChars));

const Address = v.strictObject({
  line1: field,
  line2: field,
  city: field,
  state: field,
  postal_code: field,
  country: v.optional(Country),
});

const BirthDate = v.pipe(
  v.string(),
  v.isoDate('Expected a date such as 1980-01-31'),
  v.check((text) => {
    const [year, month, day] = text.split('-').map(Number);
    return new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
  }, 'Expected a day that exists'),
);

const Person = v.strictObject({
  roles: v.pipe(
    v.array(v.picklist(personRoles, `Expected one of ${personRoles.join(', ')}`)),
    v.minLength(1, 'Expected at least one role'),
    v.maxLength(personRoles.length),
    v.check((list) => new Set(list).size === list.length, 'Expected each role once'),
  ),
  first_name: field,
  last_name: field,
  birth_date: v.optional(BirthDate),
  address: v.optional(Address),
});

export const BusinessProfile = v.strictObject({
  legal_name: field,
  form: v.optional(v.picklist(businessForms, `Expected one of ${businessForms.join(', ')}`)),
  country: v.optional(Country),
  registration_number: v.optional(Text(limits.registrationNumberChars)),
  address: v.optional(Address),
  website: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(limits.websiteChars),
      v.regex(/^https?:\/\/[^\s/?#@]+\.[^\s/?#@]+(?:[/?#]\S*)?$/, 'Expected the address of a website'),
    ),
  ),
  people: v.optional(v.pipe(v.array(Person), v.maxLength(limits.people))),
});

/** Replaces all of it. */
export const UpdateBusiness = BusinessProfile;
export const SubmitBusiness = v.strictObject({});

/** Of exactly what was submitted: whoever decides names it. */
const Submission = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.submissionChars));

export const Business = v.object({
  object: v.literal('business'),
  tenant: Id('tenant'),
  verification: v.picklist(verifications),
  capabilities: Capabilities,
  suspension: v.nullable(Suspension),
  closed_at: closedAt,
  ...BusinessProfile.entries,
  requirements: v.array(v.string()),
  submission: v.nullable(Submission),
  submitted_at: v.nullable(Timestamp),
  rejection: v.nullable(v.picklist(rejectionReasons)),
});

export const decisions = ['approve', 'reject'] as const;

/** What one operator decided, and another confirms. */
export const Proposal = v.object({
  decision: v.picklist(decisions),
  reason: v.nullable(v.picklist(rejectionReasons)),
  submission: Submission,
  proposed_by: Id('operator'),
  proposed_at: Timestamp,
  confirmed_by: v.nullable(Id('operator')),
  confirmed_at: v.nullable(Timestamp),
});

/** As operators see it. */
export const ReviewedBusiness = v.object({ ...Business.entries, proposal: v.nullable(Proposal) });

export const ProposeVerification = v.pipe(
  v.strictObject({
    decision: v.picklist(decisions, `Expected one of ${decisions.join(', ')}`),
    reason: v.optional(v.picklist(rejectionReasons, `Expected one of ${rejectionReasons.join(', ')}`)),
    submission: Submission,
  }),
  v.check(
    (body) => (body.decision === 'reject') === (body.reason !== undefined),
    'Expected a reason to reject, and none to approve',
  ),
);

export const ConfirmVerification = v.strictObject({
  decision: v.picklist(decisions, `Expected one of ${decisions.join(', ')}`),
  submission: Submission,
});
