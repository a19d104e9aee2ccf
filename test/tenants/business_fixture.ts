// A tenant whose business two operators verify, on the functions that serve it.

import type { Operation } from '../../contract/capabilities.ts';
import * as operations from '../../contract/tenants/operations.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { caller, merchant, operator, type Reply, type Sent, secondOperator } from '../kit/requests.ts';

const address = { line1: '1 Main Street', city: 'Springfield', country: 'US' } as const;
export const profile = {
  legal_name: 'Blue Bottle Books LLC',
  form: 'company',
  country: 'US',
  registration_number: '12-3456789',
  address,
  people: [
    { roles: ['owner', 'director'], first_name: 'Theodora', last_name: 'Miller', birth_date: '1980-01-31', address },
  ],
} as const;

export type Merchant = typeof merchant;

export function tenantsOf(platform: Platform) {
  const ask = caller(apiHandler((name) => everyPort(recorded(platform, name))));
  let keys = 0;
  const newKey = (): string => {
    keys += 1;
    return `business-${keys}`;
  };
  const asOperator = (
    operation: Operation,
    tenant: string,
    body: object | undefined,
    who = operator,
  ): Promise<Reply> => {
    const sent: Sent = { params: { tenant_id: tenant }, authorizer: who, ...(body && { body }) };
    return ask(operation, 'creates' in operation ? { ...sent, key: newKey() } : sent);
  };
  const asMerchant = (operation: Operation, authorizer: Merchant, body?: object): Promise<Reply> =>
    ask(operation, { authorizer, ...(body && { body }), ...('creates' in operation && { key: newKey() }) });
  const created = async (): Promise<Merchant> => {
    const body = { name: 'Books', zone: 'us' };
    const { json } = await ask(operations.createTenant, { key: newKey(), authorizer: operator, body });
    return { ...merchant, tenant: json.id, actor_id: json.key };
  };
  const submitted = async () => {
    const who = await created();
    await asMerchant(operations.updateBusiness, who, profile);
    const { json } = await asMerchant(operations.submitBusiness, who, {});
    return { who, submission: json.submission as string };
  };
  const verified = async (): Promise<Merchant> => {
    const { who, submission } = await submitted();
    const decision = { decision: 'approve', submission };
    await asOperator(operations.proposeVerification, who.tenant, decision);
    const done = await asOperator(operations.confirmVerification, who.tenant, decision, secondOperator);
    if (done.json.verification !== 'verified') throw new Error(done.body);
    return who;
  };
  return { ask, asOperator, asMerchant, created, submitted, verified, newKey };
}
