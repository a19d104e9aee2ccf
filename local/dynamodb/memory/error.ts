// The errors of DynamoDB, under the names of its API reference (DynamoDB API reference,
// "Common errors" and each operation's "Errors"). A bug of ours is never reported as one of these.

export class DynamoDbError extends Error {
  override readonly name: string;
  /** What the exception carries besides its message: `Item`, `CancellationReasons`. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly status: number;

  constructor(name: string, message: string, fields: Readonly<Record<string, unknown>> = {}, status = 400) {
    super(message);
    this.name = name;
    this.fields = fields;
    this.status = status;
  }
}

export const invalid = (message: string): DynamoDbError => new DynamoDbError('ValidationException', message);

/** A parameter that holds values which don't go together. */
export const invalidParameter = (message: string): DynamoDbError =>
  invalid(`One or more parameter values were invalid: ${message}`);

/** JSON of another shape than the API's: refused before DynamoDB looks at what it says. */
export const malformed = (message: string): DynamoDbError => new DynamoDbError('SerializationException', message);

export const notFound = (message = 'Requested resource not found'): DynamoDbError =>
  new DynamoDbError('ResourceNotFoundException', message);
