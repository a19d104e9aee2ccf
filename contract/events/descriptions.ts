// What readers of the documentation are told about events, and what a request costs. It must never hold what a row, a
// schema or a limit says already.

import { type Descriptions, type ErrorTexts, notFound } from '../kernel/description.ts';
import type { errors } from './errors.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    events: {
      title: 'Events',
      about: 'Every committed change is an event, numbered without gaps for each payment, key or tenant.',
    },
  },
  operations: {
    'events/get': { summary: 'Read an event', about: 'One committed change, with the object as the change left it.' },
    'events/list': { summary: 'List events', about: 'The events of the key’s mode, newest first.' },
  },
  costs: {
    'events/get': { calls: 1, write: 1, read: 0.5, kms: 0, processor: 0, behind: 0, events: 0 },
    'events/list': { calls: 1, write: 1, read: 4.5, kms: 0, processor: 0, behind: 0, events: 0 },
  },
  fields: {
    'Event.sequence': 'Without gaps for each aggregate, from 1.',
    'Event.data': 'The object as the change left it, without personal data.',
    'Event.aggregate_id': 'The payment, key or tenant that changed.',
  },
} as const satisfies Descriptions<typeof operations>;

export const errorTexts = {
  event_not_found: notFound('event', 'the key may see'),
} as const satisfies ErrorTexts<typeof errors>;
