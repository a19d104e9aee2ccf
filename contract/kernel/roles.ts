// Who acts, and in which mode. A payer's browser acts under a publishable key of its merchant's.

export const actorKinds = ['operator', 'person', 'key', 'agent', 'payer', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];

export const modes = ['test', 'live'] as const;
export type Mode = (typeof modes)[number];
