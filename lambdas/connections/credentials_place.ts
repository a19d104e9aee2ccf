// Where a connection's credentials are sealed: in the connection itself, so that another's do not open there.

export const credentialsPlace = (tenant: string, connection: string) => ({
  tenant,
  purpose: 'credentials',
  table: 'providers',
  item: connection,
  field: 'credentials',
});
