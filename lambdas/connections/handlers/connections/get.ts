// Reads one connection of the caller's, without its credentials.

import { getConnection as operation } from '../../../../contract/connections/operations.ts';
import { get } from '../../../kernel/operation/get.ts';
import { connectionRow, withHealth } from '../../store.ts';

export const getConnection = get(operation, connectionRow, withHealth);
