// Published versions of the API, newest first. A version is named by its day and never changes once published.

export const apiVersions = ['2026-11-21'] as const;

export type ApiVersion = (typeof apiVersions)[number];
