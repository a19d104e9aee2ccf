// The API keys of one zone and their usage plans: those of the template and those created since, which outlive a restart. A key
// is effective from the moment it is in a plan.

import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { StateFolder } from '../storage/state.ts';
import type { Throttle } from './bucket.ts';

const Plan = v.object({
  ApiStages: v.array(v.object({ ApiId: v.string(), Stage: v.string() })),
  Throttle: v.object({ RateLimit: v.number(), BurstLimit: v.number() }),
  Quota: v.optional(v.undefined('Quotas are not run locally')),
});
const TemplateKey = v.object({ Name: v.string(), Value: v.string(), Enabled: v.literal(true) });
const TemplatePlanKey = v.object({ KeyId: v.string(), KeyType: v.literal('API_KEY'), UsagePlanId: v.string() });

const UsageKey = v.object({
  id: v.string(),
  name: v.string(),
  value: v.string(),
  /** Seconds since 1970. */
  createdAt: v.number(),
  planId: v.nullable(v.string()),
});
export type UsageKey = Readonly<v.InferOutput<typeof UsageKey>>;
const StoredUsageKeys = v.array(UsageKey);

export interface UsageKeys {
  /** Those whose name begins so. */
  named(prefix: string): readonly UsageKey[];
  /** Undefined: another key has the name or the value. */
  create(key: UsageKey): Promise<UsageKey | undefined>;
  put(keyId: string, planId: string): Promise<UsageKey | 'no such key' | 'no such plan' | 'in a plan already'>;
  /** The key of this value, if it is in a plan, and what the plan allows it. */
  limitOf(value: string): { readonly key: UsageKey; readonly throttle: Throttle } | undefined;
}

export const openUsageKeys = async (deployment: Deployment, state: StateFolder): Promise<UsageKeys> => {
  const file = `usage-keys-${deployment.zone}.json`;
  const plans = new Map(
    deployment.of('AWS::ApiGateway::UsagePlan').map((each): [string, Throttle] => {
      const { Throttle } = v.parse(Plan, each.properties());
      return [each.physical.ref, { rate: Throttle.RateLimit, burst: Throttle.BurstLimit }];
    }),
  );
  const inPlan = new Map(
    deployment.of('AWS::ApiGateway::UsagePlanKey').map((each): [string, string] => {
      const { KeyId, UsagePlanId } = v.parse(TemplatePlanKey, each.properties());
      return [KeyId, UsagePlanId];
    }),
  );
  const declared = deployment.of('AWS::ApiGateway::ApiKey').map((each): UsageKey => {
    const { Name, Value } = v.parse(TemplateKey, each.properties());
    const id = each.physical.ref;
    return { id, name: Name, value: Value, createdAt: 0, planId: inPlan.get(id) ?? null };
  });
  const made = new Map((await state.read(file, StoredUsageKeys))?.map((key): [string, UsageKey] => [key.value, key]));
  const known = new Map([...made, ...declared.map((key): [string, UsageKey] => [key.value, key])]);

  let saving = Promise.resolve();
  const save = (key: UsageKey): Promise<void> => {
    made.set(key.value, key);
    known.set(key.value, key);
    // One after the other: an older picture must not replace a newer one.
    const saved = saving.then(() => state.write(file, [...made.values()]));
    saving = saved.catch(() => {});
    return saved;
  };

  return {
    named: (prefix) => [...known.values()].filter(({ name }) => name.startsWith(prefix)),
    async create(key) {
      if (known.has(key.value)) return undefined;
      await save(key);
      return key;
    },
    async put(keyId, planId) {
      const key = [...known.values()].find(({ id }) => id === keyId);
      if (key === undefined) return 'no such key';
      if (!plans.has(planId)) return 'no such plan';
      if (key.planId !== null) return 'in a plan already';
      const next = { ...key, planId };
      await save(next);
      return next;
    },
    limitOf(value) {
      const key = known.get(value);
      const throttle = plans.get(key?.planId ?? '');
      return key && throttle && { key, throttle };
    },
  };
};
