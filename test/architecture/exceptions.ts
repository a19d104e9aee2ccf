// Exceptions are rows with a reason. One that is no longer needed is itself a violation, so none outlives its cause.

/** Removes the violations that a row excepts; adds the rows that give no reason or except nothing. */
export const applyExceptions = (
  violations: readonly { readonly key: string; readonly line: string }[],
  rows: Readonly<Record<string, string>>,
): string[] => [
  ...violations.filter(({ key }) => !Object.hasOwn(rows, key)).map(({ line }) => line),
  ...Object.entries(rows)
    .filter(([key, reason]) => reason === '' || !violations.some((violation) => violation.key === key))
    .map(([key, reason]) => `${key} is excepted ${reason === '' ? 'without a reason' : 'and breaks no rule'}`),
];
