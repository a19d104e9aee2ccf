// What events carry of this capability: public forms, without what merchants wrote in their own words. An event holds that
// sealed, as the row does.

import * as v from 'valibot';
import { Connection, ConnectionHealth } from './connection.ts';
import { ConnectionDefaults } from './defaults.ts';

export const eventObjects = {
  connection: v.omit(Connection, ['metadata']),
  connection_health: ConnectionHealth,
  connection_defaults: ConnectionDefaults,
};
