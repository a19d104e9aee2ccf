// Reads one replay: how far it has come.

import { getReplay as operation } from '../../../../contract/webhooks/operations.ts';
import { get } from '../../../kernel/operation/get.ts';
import { replayRow } from '../../store/endpoints.ts';

export const getReplay = get(operation, replayRow);
