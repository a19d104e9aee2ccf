// Callers that change one object at the same moment: each is served, one after the other. Nobody is refused
// because others were faster.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/capabilities.ts';
import { createCustomer, updateCustomer } from '../../../contract/customers/operations.ts';
import { createTenant, updateTenant } from '../../../contract/tenants/operations.ts';
import { createWebhookEndpoint, updateWebhookEndpoint } from '../../../contract/webhooks/operations.ts';
import { recorded } from '../../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../../kit/api_functions.ts';
import { caller, merchant, operator, type Sent } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: ReturnType<typeof caller>;
beforeAll(async () => {
  runtime = await openRuntime();
  call = caller(apiHandler((name) => everyPort(recorded(runtime.platform, name))));
});
afterAll(() => runtime.stop());

interface Changed {
  readonly create: Operation;
  readonly update: Operation;
  readonly parameter: string;
  readonly made: object;
  readonly field: string;
  readonly by: Sent['authorizer'];
}

const objects: readonly Changed[] = [
  {
    create: createTenant,
    update: updateTenant,
    parameter: 'tenant_id',
    made: { name: 'First', zone: 'us' },
    field: 'name',
    by: operator,
  },
  {
    create: createCustomer,
    update: updateCustomer,
    parameter: 'customer_id',
    made: {},
    field: 'description',
    by: merchant,
  },
  {
    create: createWebhookEndpoint,
    update: updateWebhookEndpoint,
    parameter: 'webhook_endpoint_id',
    made: { url: 'https://shop.example.org/hooks' },
    field: 'description',
    by: merchant,
  },
];

describe.each(objects)('$update.id', ({ create, update, parameter, made, field, by }) => {
  it.each([8, 16])('%i changes of one object at once all succeed', async (count) => {
    const created = await call(create, { key: `race-${update.id}-${count}`, body: made, authorizer: by ?? null });
    const params = { [parameter]: created.json.id };
    const changes = Array.from({ length: count }, (_, at) =>
      call(update, {
        params,
        body: { [field]: `change ${at}` },
        authorizer: by ?? null,
        requestId: `race-${count}-${at}`,
      }),
    );
    const replies = await Promise.all(changes);
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(Array(count).fill(200));
    for (const [at, { json }] of replies.entries()) expect(json[field]).toBe(`change ${at}`);
  });
});
