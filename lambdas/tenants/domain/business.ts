// A tenant's business: its stored form, what its verification still needs, and the pure decisions from `unverified` to `verified` or
// `rejected`. One operator proposes what another confirms, of exactly what was submitted.

import * as v from 'valibot';
import type { ErrorCode } from '../../../contract/capabilities.ts';
import type { EventType } from '../../../contract/kernel/vocabulary.ts';
import {
  type BusinessProfile,
  type ConfirmVerification,
  Proposal,
  type ProposeVerification,
  rejectionReasons,
} from '../../../contract/tenants/business.ts';
import type { Refused } from '../../kernel/domain/decision.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import { type Tenant, withCapabilities } from './tenant.ts';

export type Profile = v.InferOutput<typeof BusinessProfile>;

export const Business = v.object({
  /** `business#` and the tenant's: the row is no aggregate of its own. */
  id: v.string(),
  tenant: v.string(),
  /** All of the profile, sealed: a sole proprietor's business is a person. */
  profile: SealedText,
  submission: v.nullable(v.string()),
  submitted_at: v.nullable(v.string()),
  rejection: v.nullable(v.picklist(rejectionReasons)),
  /** The last one, confirmed or not. */
  proposal: v.nullable(Proposal),
});
export type Business = v.InferOutput<typeof Business>;

export interface TenantState {
  readonly tenant: Tenant;
  readonly business: Business | null;
}

/** Null: it was so already. */
export type StateChange = (TenantState & { readonly fact: EventType }) | Refused | null;

export const isRefused = (change: object): change is Refused => 'refused' in change;

const addressRequired = ['line1', 'city', 'country'] as const;
const personRequired = ['first_name', 'last_name', 'birth_date'] as const;

const missing = (value: object | undefined, names: readonly string[], at: string): string[] =>
  names
    .filter((name) => (value as Record<string, unknown> | undefined)?.[name] === undefined)
    .map((name) => `${at}/${name}`);

/** JSON pointers (RFC 6901) into the profile of what is still due. */
export function requirementsOf(profile: Profile): string[] {
  const { form, people = [] } = profile;
  const roles = new Set(people.flatMap((person) => person.roles));
  const needsRegistration = form !== 'sole_proprietor';
  const needed =
    form === 'nonprofit'
      ? (['director'] as const)
      : form === 'company'
        ? (['owner', 'director'] as const)
        : (['owner'] as const);
  return [
    ...missing(profile, ['legal_name', 'form', 'country', ...(needsRegistration ? ['registration_number'] : [])], ''),
    ...missing(profile.address, addressRequired, '/address'),
    ...(needed.every((role) => roles.has(role)) ? [] : ['/people']),
    ...people.flatMap((person, index) => [
      ...missing(person, personRequired, `/people/${index}`),
      ...missing(person.address, addressRequired, `/people/${index}/address`),
    ]),
  ];
}

const mayChange = ({ closed_at, verification }: Tenant): ErrorCode | null => {
  if (closed_at !== null) return 'tenant_closed';
  return verification === 'pending' || verification === 'verified' ? 'business_locked' : null;
};

/** A change after a rejection begins anew. */
export function updateBusiness({ tenant }: TenantState, profile: Business['profile']): StateChange {
  const refused = mayChange(tenant);
  if (refused !== null) return { refused };
  const nothing = { submission: null, submitted_at: null, rejection: null, proposal: null };
  return {
    fact: 'tenant.business_updated',
    tenant: withCapabilities({ ...tenant, verification: 'unverified' }),
    business: { id: `business#${tenant.id}`, tenant: tenant.id, profile, ...nothing },
  };
}

/** `submission`: the digest of what is submitted. */
export function submitBusiness(
  { tenant, business }: TenantState,
  requirements: readonly string[],
  submission: string,
  now: string,
): StateChange {
  if (tenant.verification === 'pending') return null;
  const refused = mayChange(tenant);
  if (refused !== null) return { refused };
  if (business === null || requirements.length > 0) return { refused: 'requirements_due' };
  return {
    fact: 'tenant.submitted',
    tenant: withCapabilities({ ...tenant, verification: 'pending' }),
    business: { ...business, submission, submitted_at: now, rejection: null, proposal: null },
  };
}

/** The business under review, if it is the submission that a decision names. */
function underReview({ tenant, business }: TenantState, submission: string): Business | ErrorCode {
  if (tenant.closed_at !== null) return 'tenant_closed';
  if (tenant.verification !== 'pending' || business === null) return 'not_under_review';
  return business.submission === submission ? business : 'submission_changed';
}

/** A later proposal replaces an earlier one. */
export function proposeVerification(
  state: TenantState,
  {
    decision,
    reason = null,
    submission,
  }: Omit<v.InferOutput<typeof ProposeVerification>, 'reason'> & {
    readonly reason?: v.InferOutput<typeof Proposal>['reason'] | undefined;
  },
  operator: string,
  now: string,
): StateChange {
  const business = underReview(state, submission);
  if (typeof business === 'string') return { refused: business };
  const { proposal } = business;
  const same = proposal?.decision === decision && proposal.reason === reason && proposal.proposed_by === operator;
  if (same) return null;
  const confirmed = { confirmed_by: null, confirmed_at: null };
  const next = { decision, reason, submission, proposed_by: operator, proposed_at: now, ...confirmed };
  return { fact: 'tenant.verification_proposed', tenant: state.tenant, business: { ...business, proposal: next } };
}

export function confirmVerification(
  state: TenantState,
  { decision, submission }: v.InferOutput<typeof ConfirmVerification>,
  operator: string,
  now: string,
): StateChange {
  const business = underReview(state, submission);
  if (typeof business === 'string') {
    const { proposal = null } = state.business ?? {};
    const done = proposal?.confirmed_by === operator && proposal.submission === submission;
    return done && proposal.decision === decision ? null : { refused: business };
  }
  const { proposal } = business;
  if (proposal?.decision !== decision) return { refused: 'not_under_review' };
  if (proposal.proposed_by === operator) return { refused: 'second_operator_needed' };
  const approved = decision === 'approve';
  return {
    fact: approved ? 'tenant.verified' : 'tenant.rejected',
    tenant: withCapabilities({ ...state.tenant, verification: approved ? 'verified' : 'rejected' }),
    business: {
      ...business,
      rejection: proposal.reason,
      proposal: { ...proposal, confirmed_by: operator, confirmed_at: now },
    },
  };
}
