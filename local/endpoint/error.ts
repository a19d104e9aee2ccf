// An error as AWS's JSON protocols send it: real SDK clients turn it into the exception of that name.

export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** `because` ends AWS's sentence: "because no …" or "with an explicit …". */
export const accessDenied = (principal: string, action: string, resource: string, because: string): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
  );
