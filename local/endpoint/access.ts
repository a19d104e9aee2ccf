// What a call asks for, as IAM decides about it: an action on a resource, under the condition keys of the request.

/** Values by condition key, as local/iam/condition_keys.ts spells them. A key that a request doesn't have is absent. */
export type ConditionKeys = Readonly<Record<string, readonly string[] | undefined>>;

/** A call that touches several tables asks several times. */
export interface Access {
  /** IAM action, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*` where AWS knows no resource. */
  readonly resource: string;
  /** IAM condition keys of the request. */
  readonly conditionKeys: ConditionKeys;
  /** An AWS service does it in the caller's name; the caller's own code does not ask. */
  readonly byService?: true;
}
