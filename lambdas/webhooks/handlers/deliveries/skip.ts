// Skips a delivery: it is not attempted again, and what waited behind it goes on. Skipping twice is the same as once.

import { skipDelivery as operation } from '../../../../contract/webhooks/operations.ts';
import { change } from '../../../kernel/operation/change.ts';
import { skip } from '../../domain/delivery.ts';
import { withResponses } from '../../open_responses.ts';
import { deliveryRow } from '../../store/deliveries.ts';

export const skipDelivery = change(operation, deliveryRow, skip, withResponses);
