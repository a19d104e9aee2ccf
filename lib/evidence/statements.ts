// Policy statements as single facts, one verb on one resource each, so that a reader sees what a change adds or takes away.

import { type Json, listed } from './template.ts';

const conditionsOf = (condition: Json): string =>
  Object.entries((condition ?? {}) as Record<string, Record<string, Json>>)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${operator} ${key}=${listed(values).map(String).sort().join('|')}`),
    )
    .sort()
    .join('; ');

const principalsOf = (principal: Json): string[] =>
  typeof principal === 'object' && principal !== null
    ? Object.entries(principal as Record<string, Json>).flatMap(([kind, who]) =>
        listed(who).map((each) => `${kind} ${each}`),
      )
    : listed(principal).map(String);

/** `allow kms:Decrypt on keys/key-data.Arn by Service … if …`, for each verb, resource and principal. */
export function factsOf(document: Json): string[] {
  const statements = listed((typeof document === 'string' ? parsed(document) : document)?.Statement);
  return statements.flatMap((statement) => {
    const verbs = [...listed(statement.Action), ...listed(statement.NotAction).map((verb) => `all but ${verb}`)];
    const resources = [
      ...listed(statement.Resource),
      ...listed(statement.NotResource).map((each) => `all but ${each}`),
    ];
    const principals = [
      ...principalsOf(statement.Principal),
      ...principalsOf(statement.NotPrincipal).map((each) => `all but ${each}`),
    ];
    const condition = conditionsOf(statement.Condition);
    return verbs.flatMap((verb) =>
      (resources.length > 0 ? resources : ['']).flatMap((resource) =>
        (principals.length > 0 ? principals : ['']).map((principal) =>
          [
            statement.Effect === 'Deny' ? 'deny' : 'allow',
            verb,
            resource && `on ${resource}`,
            principal && `by ${principal}`,
            condition && `if ${condition}`,
          ]
            .filter((part) => part !== '')
            .join(' '),
        ),
      ),
    );
  });
}

const parsed = (text: string): Json => {
  try {
    return text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
};

/** Every policy in a value, under whatever name, JSON in texts included. */
export function* policiesIn(value: Json): Generator<Json> {
  const read = typeof value === 'string' ? parsed(value) : value;
  if (typeof read !== 'object' || read === null) return;
  if (read.Statement !== undefined && read.Effect === undefined && !Array.isArray(read)) yield read;
  for (const each of Object.values(read)) yield* policiesIn(each);
}
