// Where a connection's credentials are sealed: in the connection itself, so that another's do not open there.

import type { Mode } from '../../contract/kernel/roles.ts';

export const credentialsContext = (
  { tenant, mode }: { readonly tenant: string; readonly mode: Mode },
  connection: string,
  /** Of what replaced some of them: its own id. */
  replacement?: string,
) => ({
  tenant,
  mode,
  purpose: 'credentials',
  table: 'providers',
  item: connection,
  field: replacement === undefined ? 'credentials' : `replacements.${replacement}`,
});
