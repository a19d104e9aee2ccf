// Revokes an API key: the next request with it is refused. Revoking twice is the same as once.

import { revokeKey as operation } from '../../../../contract/tenants/operations.ts';
import { change } from '../../../kernel/operation/change.ts';
import { revokeKey as decide } from '../../domain/key.ts';
import { keyRow } from '../../store.ts';

export const revokeKey = change(operation, keyRow, decide);
