// Where an endpoint's signing secret is sealed: under the object that made it.

export const secretPlace = (tenant: string, item: string) => ({
  tenant,
  purpose: 'webhook_secret',
  table: 'webhooks',
  item,
  field: 'secret',
});
