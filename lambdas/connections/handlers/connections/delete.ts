// Disconnects a payment processor: it takes no new payments, and what it sends is not accepted. Its credentials stay for the
// payments that it took, and are destroyed after that. Deleting twice is the same as once.

import { deleteConnection as operation } from '../../../../contract/connections/operations.ts';
import { change } from '../../../kernel/operation/change.ts';
import { deleteConnection as decide } from '../../domain/connection.ts';
import { connectionRow, withHealth } from '../../store.ts';

export const deleteConnection = change(
  operation,
  connectionRow,
  (connection, _, { platform }) => decide(connection, platform.clock()),
  withHealth,
);
