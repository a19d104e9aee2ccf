// Where marked values may be, and why. Whatever is found elsewhere fails the test; so does an entry here that nothing
// matches any more.

import type { Found } from './search.ts';

interface Allowed {
  readonly reason: string;
  readonly sentAs: RegExp;
  /** A function where the place follows from what was sent. */
  readonly where: RegExp | ((sentAs: string) => string);
  /** It may be found, or not. */
  readonly byChance?: true;
}

const fields = 'name|description|metadata|reason|reference|url';
/** Credentials are none of it. */
const tenantsWords = new RegExp(
  `^(?:(?:keys|payments|webhook_endpoints|connections)/\\w+ (?:${fields})|receiver answer)$`,
);

export const allowed: readonly Allowed[] = [
  {
    reason: 'a tenant reads its own words again, and its receiver’s: in the reply, in its repeat, in lists and events',
    sentAs: tenantsWords,
    where: /^(?:reply to|repeat of) (?!tenants\/)[a-z_]+\/[a-z_]+$/,
  },
  { reason: 'a tenant’s webhooks are in its own words', sentAs: tenantsWords, where: /^webhooks$/ },
  {
    reason: 'an operator reads again what it called a tenant',
    sentAs: new RegExp(`^tenants/\\w+ (?:${fields})$`),
    where: /^(?:reply to|repeat of) tenants\//,
  },
  {
    reason: 'a tenant reads what it knows of a customer where it asks for the customer, and nowhere else',
    sentAs: /^(?:customers\/\w+ (?:name|email|phone|address|description|metadata)|payment_methods\/\w+ card)$/,
    where: /^(?:reply to|repeat of) (?:customers|payment_methods)\//,
  },
  {
    reason: 'a business is read by its tenant and by who decides about it, where they ask for it and nowhere else',
    sentAs: /^business\/update (?:legal_name|registration_number|address|website|people)$/,
    where: /^reply to (?:business\/|tenants\/(?:get_business|propose_verification|confirm_verification)$)/,
  },
  {
    reason: 'a secret is shown once, in the reply of the operation that makes it',
    sentAs: /^secret made by /,
    where: (sentAs) => sentAs.replace('secret made by', 'reply to'),
  },
  {
    reason: 'a refusal names the field, to whoever sent it and nobody else; never what stood in it',
    sentAs: / refused name of a field$/,
    where: (sentAs) => `refusal of ${sentAs.split(' ')[0]}`,
  },
  {
    reason: 'names of tenants and keys are labels, and the API’s documentation says so',
    sentAs: /^(?:tenants\/(?:create|update|create_key)|keys\/create) name$/,
    where: /^(?:tenants\.name|events\.data\.name|engine us)$/,
  },
  {
    reason: 'addresses of endpoints are kept in the clear, and the API’s documentation says so',
    sentAs: /^webhook_endpoints\/(?:create|update) url$/,
    where: /^(?:webhooks\.(?:verified_)?url|events\.data\.url|engine us)$/,
  },
  {
    reason: 'the pages of the engine’s file end in the middle of a value, which goes on elsewhere',
    sentAs: /^a mark that was cut$/,
    where: /^engine us$/,
    byChance: true,
  },
];

const allows = ({ sentAs: sent, where }: Allowed, found: Found): boolean =>
  sent.test(found.sentAs) &&
  (typeof where === 'function' ? where(found.sentAs) === found.where : where.test(found.where));

export interface Verdict {
  readonly misplaced: readonly string[];
  /** Entries above that nothing matched. */
  readonly needless: readonly string[];
}

export function compareWithAllowed(found: readonly Found[]): Verdict {
  const used = new Set<string>();
  const misplaced = new Set<string>();
  for (const each of found) {
    const allowing = allowed.filter((one) => allows(one, each));
    for (const { reason } of allowing) used.add(reason);
    if (allowing.length === 0) misplaced.add(`${each.sentAs} > ${each.where} (${each.kind}, ${each.spelling})`);
  }
  const entries = allowed.filter(({ byChance }) => !byChance).map(({ reason }) => reason);
  return { misplaced: [...misplaced], needless: entries.filter((entry) => !used.has(entry)) };
}
