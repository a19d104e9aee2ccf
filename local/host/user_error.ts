// A complaint is said to the person at the terminal: what is wrong and what to do about it.
// It is printed without a stack trace; anything else that is thrown is a bug of the local cloud and keeps its trace.

export class UserError extends Error {
  override readonly name = 'Complaint';
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
