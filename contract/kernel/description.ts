// What a capability says in the documentation: each resource, operation and error in the fewest words that suffice,
// and what a request of each operation costs. What is missing does not compile.

export interface ResourceText {
  readonly title: string;
  readonly about: string;
}

export interface OperationText {
  /** An imperative, without a full stop. */
  readonly summary: string;
  readonly about: string;
}

export interface ErrorText {
  readonly happens: string;
  readonly remedy: string;
}

/** The text of an error that says that an object is not there. */
export const notFound = (kind: string, own: string): ErrorText => ({
  happens: `The id is not that of a ${kind} which ${own}. What belongs to another tenant or mode looks exactly like what does not exist.`,
  remedy: 'Check the id, and that the key is of the tenant and mode that made it.',
});

/**
 * What one request of an operation costs once its function is warm: declared here, and measured exactly by
 * proof/bench/costs.test.ts, so that no change makes an operation dearer unseen. Units depend on the size of what is stored;
 * these are those of the documentation's examples. The write that each read has is its audit entry, beside the read; a new
 * tenant's data key of the day is looked for, made and stored.
 */
export interface Cost {
  /** AWS calls one after the other; those side by side count once. Without the authorizer's and the processor's. */
  readonly calls: number;
  /** DynamoDB request units, indexes included. */
  readonly write: number;
  readonly read: number;
  readonly kms: number;
  /** Calls to the payment processor. */
  readonly processor: number;
  /** What follows behind the reply: the relay's write units, and the events that it puts onto the bus. */
  readonly behind: number;
  readonly events: number;
}

type IdsOf<Operations> = {
  [Name in keyof Operations]: Operations[Name] extends { readonly id: infer Id } ? Id : never;
}[keyof Operations];
type ResourceOf<Id> = Id extends `${infer Name}/${string}` ? Name : never;

/** What happened and what helps, for each error of a capability. */
export type ErrorTexts<Errors> = Readonly<Record<keyof Errors, ErrorText>>;

export interface Prose {
  /** What a field says, where its name and type do not; by schema and field, as the documents name them. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface Descriptions<Operations> extends Prose {
  readonly resources: Readonly<Record<ResourceOf<IdsOf<Operations>>, ResourceText>>;
  readonly operations: Readonly<Record<IdsOf<Operations> & string, OperationText>>;
  readonly costs: Readonly<Record<IdsOf<Operations> & string, Cost>>;
}
