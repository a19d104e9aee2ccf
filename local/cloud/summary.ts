// What a running local cloud reports about itself: to people on the console, to programs in the ready file.

import type { LocalCloud } from './boot.ts';

export const readyFile = ({ api, regions, provider, control, listen, demo }: LocalCloud): string => {
  const { operator_keys, tenants } = demo;
  return `${JSON.stringify({ api, regions, provider, operator_keys, tenants, control, listen }, null, 2)}\n`;
};

export const summary = (cloud: LocalCloud, state: string, took: string): string => {
  const { api, regions, provider, control, listen, demo } = cloud;
  const zones = Object.entries(api).map(([zone, url]) => `  API ${zone}          ${url}/v1`);
  const operators = Object.entries(demo.operator_keys).map(([zone, key]) => `  operator ${zone}     ${key}`);
  const tenants = demo.tenants.map(({ id, zone, secret_key }) => `  tenant ${zone}       ${id}  ${secret_key}`);
  const [first] = demo.tenants;
  const example =
    first === undefined
      ? []
      : [
          '',
          'Create a payment:',
          '',
          `  curl -s ${api[first.zone]}/v1/payments \\`,
          `    -H 'Authorization: Bearer ${first.secret_key}' \\`,
          `    -H 'Content-Type: application/json' -H "Idempotency-Key: try-$(date +%s)" \\`,
          `    -d '{"amount": 1999, "currency": "EUR", "payment_method": "pm_test_visa"}'`,
        ];
  return [
    '',
    `Ready after ${took}.`,
    '',
    ...zones,
    ...Object.entries(regions).map(([region, url]) => `  ${region.padEnd(16)}${url}/v1`),
    `  test processor  ${provider}`,
    `  control         ${control}`,
    `  webhooks        ${listen}  (strongroom listen)`,
    ...operators,
    ...tenants,
    `  state and logs  ${state}`,
    ...example,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
};
