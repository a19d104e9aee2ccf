import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Event } from './event.ts';

export const getEvent = {
  id: 'events/get',
  method: 'GET',
  path: '/v1/events/{event_id}',
  function: 'events_read',
  actors: ['key', 'agent'],
  scopes: ['events:read'],
  reply: Event,
  slo: 'read',
  refuses: ['event_not_found'],
} as const satisfies Operation;

export const listEvents = {
  id: 'events/list',
  method: 'GET',
  path: '/v1/events',
  function: 'events_read',
  actors: ['key', 'agent'],
  scopes: ['events:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Event),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;
