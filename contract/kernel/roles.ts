// Who acts, and what an actor may be allowed to do.

export const actorKinds = ['operator', 'person', 'key', 'agent', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** Scopes of API keys. A key grants no scope that its maker lacks. Operators hold none: their rows name them as actors. */
export const scopes = [
  'payments:read',
  'payments:write',
  'customers:read',
  'customers:write',
  'keys:read',
  'keys:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'connections:read',
  'connections:write',
  'audit:read',
] as const;
export type Scope = (typeof scopes)[number];

export const modes = ['test', 'live'] as const;
export type Mode = (typeof modes)[number];
