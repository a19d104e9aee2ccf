// The examples of all capabilities: one for each operation, and one for each event that merchants receive. test/docs parses
// each with the schema that the pipeline itself uses, so that no example can show what the API would refuse.

import { auditExamples } from '../contract/audit/examples.ts';
import type { OperationId } from '../contract/capabilities.ts';
import { connectionExamples } from '../contract/connections/examples.ts';
import { customerExamples } from '../contract/customers/examples.ts';
import { eventExamples } from '../contract/events/examples.ts';
import type { EventExample, OperationExample } from '../contract/kernel/examples.ts';
import type { EventType, events, platformAggregates } from '../contract/kernel/vocabulary.ts';
import { paymentExamples } from '../contract/payments/examples.ts';
import { processorEventExamples } from '../contract/processor_events/examples.ts';
import { tenantExamples } from '../contract/tenants/examples.ts';
import { webhookExamples } from '../contract/webhooks/examples.ts';

/** Types whose aggregate belongs to a tenant: events of operators and of the platform have no receiver. */
export type SentEvent = {
  [Type in EventType]: (typeof events)[Type] extends (typeof platformAggregates)[number] ? never : Type;
}[EventType];

/** What is sent with each operation, and what comes back. */
export const examples: Readonly<Record<OperationId, OperationExample>> = {
  ...auditExamples.operations,
  ...connectionExamples.operations,
  ...customerExamples.operations,
  ...eventExamples.operations,
  ...paymentExamples.operations,
  ...processorEventExamples.operations,
  ...tenantExamples.operations,
  ...webhookExamples.operations,
};

export const eventCatalogue: Readonly<Record<SentEvent, EventExample>> = {
  ...auditExamples.events,
  ...connectionExamples.events,
  ...customerExamples.events,
  ...eventExamples.events,
  ...paymentExamples.events,
  ...processorEventExamples.events,
  ...tenantExamples.events,
  ...webhookExamples.events,
};
