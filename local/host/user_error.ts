// An error of the person at the terminal: its message says what is wrong and what to do about it, and is printed without a
// stack trace. Anything else that is thrown is a bug of the local cloud and is printed with its trace.

export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
