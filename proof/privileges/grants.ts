// A policy taken apart: one grant for each statement, action and resource, because that is what must be used by itself.

import { compileDocument } from '../../local/iam/document.ts';
import type { Asked } from './decide.ts';
import type { CheckedRole, Statement } from './place.ts';

export interface Grant {
  /** The same in every place: which statement, action and resource it is. */
  readonly at: string;
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
  /** Whether this grant alone would cover it. */
  covers(asked: Asked): boolean;
}

export const grantsOf = (role: CheckedRole, statements: readonly Statement[]): Grant[] =>
  statements.flatMap((statement, index) =>
    statement.Action.flatMap((action) =>
      statement.Resource.map((resource, which): Grant => {
        const alone = { ...statement, Action: action, Resource: resource };
        const document = { Version: '2012-10-17', Statement: [alone] };
        const [compiled] = compileDocument(document, 'identity', `${role.name}, ${statement.Sid}`);
        return {
          at: `${index} ${action} ${which}`,
          statement,
          action,
          resource,
          covers: (asked) =>
            compiled?.matchesAction(asked.action.toLowerCase()) === true &&
            compiled.matchesResource(asked.resource) &&
            compiled.holds((key) => asked.keys[key]),
        };
      }),
    ),
  );

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/** Everything of a service, or of all of them: `*`, `arn:aws:ec2:…:*`/`*`. */
export const isEverything = (resource: string): boolean =>
  resource === '*' || /^arn:aws:[a-z0-9-]+:[^:]*:[^:]*:\*(\/\*)?$/.test(resource);

const attributes = 'dynamodb:Attributes';

/** The attributes that a grant lets a call name; nothing where it lets it name all. */
export const attributesOf = ({ Condition }: Statement): readonly string[] =>
  [Condition['ForAllValues:StringEquals']?.[attributes] ?? []].flat().map(String);

export const attributesAsked = ({ keys }: Asked): readonly string[] => keys[attributes] ?? [];
