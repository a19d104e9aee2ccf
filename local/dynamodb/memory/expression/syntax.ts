// Parsed expressions. Placeholders are still in them, so that one reading serves every call with that text.

/** A name (`#` marks a placeholder) or an index into a list. The first is a name. */
export type Step = string | number;
export type Path = readonly [string, ...Step[]];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'exists' | 'not_exists'; readonly path: Path }
  | { readonly kind: 'type'; readonly of: Operand; readonly type: Operand }
  | { readonly kind: 'begins_with'; readonly of: Operand; readonly part: Operand }
  | { readonly kind: 'contains'; readonly of: Operand; readonly part: Operand };

export type SetOperand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: SetOperand }
  | { readonly kind: 'list_append' | '+' | '-'; readonly left: SetOperand; readonly right: SetOperand };

export interface Update {
  readonly sets: readonly { readonly path: Path; readonly to: SetOperand }[];
  readonly removes: readonly Path[];
  readonly adds: readonly { readonly path: Path; readonly value: string }[];
  readonly deletes: readonly { readonly path: Path; readonly value: string }[];
  /** All paths that it writes, in the order of the text. */
  readonly targets: readonly Path[];
}

/** A value whose type must be one of these wherever the expression occurs, for every item. */
export interface ValueRule {
  readonly value: string;
  readonly types: readonly string[];
  readonly operator: string;
}

/** Two values that must be of one type and in this order. */
export interface OrderRule {
  readonly low: string;
  readonly high: string;
}

export interface Parsed<Tree> {
  /** The parameter that holds it, such as ConditionExpression. */
  readonly kind: string;
  readonly tree: Tree;
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  /** Every path that it reads or writes. */
  readonly paths: readonly Path[];
  readonly rules: readonly ValueRule[];
  readonly orders: readonly OrderRule[];
}
