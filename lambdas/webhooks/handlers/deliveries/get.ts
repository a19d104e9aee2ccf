// Reads one delivery with its attempts.

import { getDelivery as operation } from '../../../../contract/webhooks/operations.ts';
import { get } from '../../../kernel/operation/get.ts';
import { withResponses } from '../../open_responses.ts';
import { deliveryRow } from '../../store/deliveries.ts';

export const getDelivery = get(operation, deliveryRow, withResponses);
