// The errors of SQS, under the names of its API reference ("Common errors" and each operation's
// "Errors"). Closed: what is not run here is refused as a parameter that SQS would not know.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';

export const invalidValue = (parameter: string, value: unknown, reason: string): AwsError =>
  new AwsError('InvalidParameterValue', `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}.`);

export const missing = (parameter: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${parameter}.`);

export const noQueue = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** An input of the shape, or SQS's error about the first thing that is not. */
export const shaped = <Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const name = v.getDotPath(issue) ?? 'the request';
  throw issue.input === undefined ? missing(name) : invalidValue(name, JSON.stringify(issue.input), issue.message);
};

/** In `parameter`, a number of seconds between bounds; undefined where it is absent. */
export const millisecondsOf = (seconds: number | undefined, parameter: string, mostMs: number): number | undefined => {
  if (seconds === undefined) return undefined;
  if (Number.isInteger(seconds) && seconds >= 0 && seconds * 1000 <= mostMs) return seconds * 1000;
  throw invalidValue(parameter, seconds, `Must be >= 0 and <= ${mostMs / 1000}, if provided`);
};
