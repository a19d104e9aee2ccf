// The examples of all capabilities: one for each operation, and one for each event that merchants receive. test/docs parses
// each with the schema that the pipeline itself uses, so that no example can show what the API would refuse.

import type { OperationId } from '../contract/capabilities.ts';
import type { EventType, events, platformAggregates } from '../contract/kernel/vocabulary.ts';
import { auditExamples } from './examples/audit.ts';
import { connectionExamples } from './examples/connections.ts';
import { customerExamples } from './examples/customers.ts';
import { eventExamples } from './examples/events.ts';
import type { EventExample, OperationExample } from './examples/kernel.ts';
import { paymentExamples } from './examples/payments.ts';
import { processorEventExamples } from './examples/processor_events.ts';
import { tenantExamples } from './examples/tenants.ts';
import { webhookExamples } from './examples/webhooks.ts';

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
