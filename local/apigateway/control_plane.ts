// API Gateway's control plane for one region: making API keys and putting them into usage plans (API Gateway API reference,
// REST-JSON). A new key is effective in the zone's gateway at once, where AWS takes a while.

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { type Call, inputOf, type Reply, type Service, unknownOperation } from '../endpoint/service.ts';
import type { UsageKey, UsageKeys } from './usage_keys.ts';

const CreateApiKey = v.object({
  name: v.string(),
  value: v.pipe(v.string(), v.minLength(20), v.maxLength(128)),
  enabled: v.literal(true, 'Only enabled keys are made locally'),
});
const CreateUsagePlanKey = v.object({ keyId: v.string(), keyType: v.literal('API_KEY') });

const planKeys = /^\/usageplans\/([a-z0-9]+)\/keys$/;

const urlOf = ({ target }: Pick<Call, 'target'>): URL => new URL(target, 'http://localhost');

const reply = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** A key as AWS shows it; its value only where it was asked for. */
const shown = ({ id, name, value, createdAt }: UsageKey, withValue: boolean): object => ({
  id,
  name,
  enabled: true,
  createdDate: createdAt,
  lastUpdatedDate: createdAt,
  stageKeys: [],
  ...(withValue && { value }),
});

export const createApiGatewayControl = (keys: UsageKeys): Service => {
  const create = async (call: Call): Promise<Reply> => {
    const { name, value } = inputOf(CreateApiKey, call);
    const createdAt = Math.floor(Date.now() / 1000);
    const made = await keys.create({ id: randomBytes(5).toString('hex'), name, value, createdAt, planId: null });
    if (made === undefined) throw new AwsError('ConflictException', 'API Key already exists', 409);
    return reply(201, shown(made, true));
  };

  const list = (call: Call): Reply => {
    const query = urlOf(call).searchParams;
    const found = keys.named(query.get('name') ?? '').slice(0, Number(query.get('limit') ?? 25));
    return reply(200, { item: found.map((key) => shown(key, query.get('includeValues') === 'true')) });
  };

  const put = async (call: Call): Promise<Reply> => {
    const { keyId } = inputOf(CreateUsagePlanKey, call);
    const planId = planKeys.exec(urlOf(call).pathname)?.[1] ?? '';
    const found = await keys.put(keyId, planId);
    if (found === 'no such plan')
      throw new AwsError('NotFoundException', 'Invalid Usage Plan identifier specified', 404);
    if (found === 'no such key') throw new AwsError('NotFoundException', 'Invalid API Key identifier specified', 404);
    if (found === 'in a plan already') throw new AwsError('ConflictException', 'Usage plan key already exists', 409);
    return reply(201, { id: found.id, type: 'API_KEY', name: found.name, value: found.value });
  };

  return {
    targets: [],
    operationOf(method, url) {
      const { pathname } = urlOf({ target: url });
      if (pathname === '/apikeys') return { POST: 'CreateApiKey', GET: 'GetApiKeys' }[method];
      return method === 'POST' && planKeys.test(pathname) ? 'CreateUsagePlanKey' : undefined;
    },
    accesses(call) {
      // API Gateway's actions are HTTP's verbs, its resources the paths.
      const verb = call.operation === 'GetApiKeys' ? 'GET' : 'POST';
      const resource = `arn:aws:apigateway:${call.region}::${urlOf(call).pathname}`;
      return [{ action: `apigateway:${verb}`, resource, conditionKeys: {} }];
    },
    async answer(call) {
      switch (call.operation) {
        case 'CreateApiKey':
          return create(call);
        case 'GetApiKeys':
          return list(call);
        case 'CreateUsagePlanKey':
          return put(call);
        default:
          throw unknownOperation('apigateway', call.operation);
      }
    },
  };
};
