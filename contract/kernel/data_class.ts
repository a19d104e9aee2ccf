// How sensitive what a resource holds is, in the order of how much a leak would harm. A resource has the class of the most
// sensitive thing in it, sealed or not.

export const dataClasses = ['none', 'internal', 'personal', 'secret'] as const;
export type DataClass = (typeof dataClasses)[number];

/** What each class means, for who reads it on a resource. */
export const dataClassTexts: Readonly<Record<DataClass, string>> = {
  none: 'no data of tenants: configuration, code, and what they are made of',
  internal: 'ids, counts and outcomes that say nothing of a person by themselves',
  personal: 'data about people: payers, operators, callers with their addresses',
  secret: 'credentials and keys, or what they open',
};

export const mostSensitive = (classes: readonly DataClass[]): DataClass =>
  dataClasses[Math.max(0, ...classes.map((each) => dataClasses.indexOf(each)))] ?? 'none';
