// Who acts, and in which mode.

export const actorKinds = ['operator', 'person', 'key', 'agent', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];

export const modes = ['test', 'live'] as const;
export type Mode = (typeof modes)[number];
