// Lists the caller's connections, newest first, without their credentials.

import { listConnections as operation } from '../../../../contract/connections/operations.ts';
import { list } from '../../../kernel/operation/list.ts';
import { connectionRow, withHealth } from '../../store.ts';

export const listConnections = list(operation, connectionRow, withHealth);
