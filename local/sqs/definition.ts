// What makes a queue what it is, and the queues of the templates. Closed: a property that would change what a queue does,
// and that is not run here, is refused with a UserError.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { localLimits } from '../host/limits.ts';
import { UserError } from '../host/user_error.ts';

export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  /** How long a receive waits by default. */
  readonly waitMs: number;
  /** The dead-letter queue, and after how many receives a message goes there. Absent: messages stay. */
  readonly redrive?: { readonly to: string; readonly receives: number } | undefined;
  /** ARN of the customer-managed key that seals its messages. Absent: none, so no permission for it is needed. */
  readonly keyArn?: string | undefined;
}

export const accountOf = ({ arn }: QueueDefinition): string => arn.split(':')[4] ?? '';

const seconds = (least: number, most: number, absent: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)), absent);

// Defaults and bounds: SQS API reference, SetQueueAttributes.
const Properties = v.strictObject({
  QueueName: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/, 'Only standard queues are run'))),
  FifoQueue: v.optional(v.literal(false, 'Only standard queues are run')),
  VisibilityTimeout: seconds(0, localLimits.messageVisibilityMs / 1000, 30),
  MessageRetentionPeriod: seconds(60, 1_209_600, 345_600),
  ReceiveMessageWaitTimeSeconds: seconds(0, localLimits.messageWaitMs / 1000, 0),
  RedrivePolicy: v.optional(
    v.strictObject({
      deadLetterTargetArn: v.string(),
      maxReceiveCount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
    }),
  ),
  RedriveAllowPolicy: v.optional(
    v.strictObject({
      redrivePermission: v.picklist(['allowAll', 'denyAll', 'byQueue']),
      sourceQueueArns: v.optional(v.array(v.string()), []),
    }),
  ),
  KmsMasterKeyId: v.optional(v.pipe(v.string(), v.regex(/^arn:aws:kms:/, 'Expected the ARN of a key'))),
  // The key is asked for at every call, as at the first of each period.
  KmsDataKeyReusePeriodSeconds: v.optional(v.number()),
  SqsManagedSseEnabled: v.optional(v.boolean()),
  Tags: v.optional(v.unknown()),
});
type Properties = v.InferOutput<typeof Properties>;

const parse = (resource: Resource): Properties => {
  const parsed = v.safeParse(Properties, resource.properties());
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UserError(
    `stack ${resource.stack.name}: ${resource.logicalId} (queue) is not run locally as it is: ${v.getDotPath(issue) ?? ''}: ${issue.message}`,
  );
};

const mayTake = ({ RedriveAllowPolicy }: Properties, sourceArn: string): boolean => {
  const { redrivePermission = 'allowAll', sourceQueueArns = [] } = RedriveAllowPolicy ?? {};
  return redrivePermission === 'allowAll' || (redrivePermission === 'byQueue' && sourceQueueArns.includes(sourceArn));
};

export const queuesOf = (deployment: Deployment): QueueDefinition[] => {
  const declared = deployment.of('AWS::SQS::Queue').map((resource) => {
    const { QueueName: name = '', Arn: arn = '' } = resource.physical.attributes;
    return { name, arn, resource, properties: parse(resource) };
  });
  return declared.map(({ name, arn, resource, properties }): QueueDefinition => {
    const { RedrivePolicy } = properties;
    const target = declared.find((each) => each.arn === RedrivePolicy?.deadLetterTargetArn);
    if (RedrivePolicy !== undefined && (target === undefined || !mayTake(target.properties, arn))) {
      throw new UserError(
        `stack ${resource.stack.name}: ${resource.logicalId}: the queue ${RedrivePolicy.deadLetterTargetArn} is not in the templates, or takes no messages of it.`,
      );
    }
    return {
      name,
      arn,
      visibilityMs: properties.VisibilityTimeout * 1000,
      retentionMs: properties.MessageRetentionPeriod * 1000,
      waitMs: properties.ReceiveMessageWaitTimeSeconds * 1000,
      redrive: target && RedrivePolicy && { to: target.name, receives: RedrivePolicy.maxReceiveCount },
      keyArn: properties.KmsMasterKeyId,
    };
  });
};
