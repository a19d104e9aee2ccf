// Lists the caller's API keys, newest first; never a secret.

import { listKeys as operation } from '../../../../contract/tenants/operations.ts';
import { list } from '../../../kernel/operation/list.ts';
import { keyRow } from '../../store.ts';

export const listKeys = list(operation, keyRow);
