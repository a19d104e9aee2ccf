// Messages of the queue in, attempts out. Messages of one batch are worked on side by side, so that a receiver that hangs
// holds up its own alone; what fails is reported to SQS, which delivers it again.

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect, defectOf } from '../../kernel/domain/refusal.ts';
import { isWriter } from '../../kernel/platform/writer.ts';
import { type Message, parseMessage } from '../message.ts';
import { challengeEndpoint } from './challenge.ts';
import { fanOutLater } from './fan_out.ts';
import { handOver } from './hand_over.ts';
import { initialAttempt } from './initial_attempt.ts';
import type { DeliverPorts } from './ports.ts';
import { replay } from './replay.ts';
import { resumeParked } from './resume_parked.ts';
import { retryAttempt } from './retry.ts';
import type { Work } from './work.ts';

interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type DeliverHandler = (event: SQSEvent, context: Invocation) => Promise<SQSBatchResponse>;

export const deliver =
  (ports: DeliverPorts): DeliverHandler =>
  async ({ Records }, context) => {
    const { platform } = ports;
    // A region that can't know is none.
    const writes = await isWriter(platform.writer).catch(() => false);
    if (!writes) return inStandby(ports, Records);
    const requestId = context.awsRequestId;
    const stopMs = platform.clock() + context.getRemainingTimeInMillis() - limits.reserveMs;
    const received = Records.map((record) => ({ record, message: parseMessage(record.body) }));
    // Lambda sees one invocation: what follows from any of its messages continues the longest chain among them.
    const hop = Math.max(0, ...received.map(({ message }) => message?.hop ?? 0));
    const outcomes = await Promise.all(
      received.map(async ({ record, message }) => {
        const redelivered = Number(record.attributes.ApproximateReceiveCount) !== 1;
        const startedMs = platform.clock();
        try {
          await perform(ports, message, { requestId, redelivered, stopMs, hop });
          return [];
        } catch (error) {
          platform.log('deliver_failed', {
            ...(message && { tenant: message.tenant, mode: message.mode }),
            defect: defectOf(error),
          });
          const durationMs = platform.clock() - startedMs;
          if (message?.kind === 'deliver') {
            platform.meter('deliveries/initial_attempt', 'delivery', { durationMs, fault: true });
          }
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    );
    return { batchItemFailures: outcomes.flat() };
  };

/**
 * What nobody began to deliver becomes rows, whoever writes next. The rest stays in the queue while no other region is known to
 * write, and is begun anew by one that does.
 */
async function inStandby(ports: DeliverPorts, records: SQSEvent['Records']): Promise<SQSBatchResponse> {
  const { log, writer } = ports.platform;
  const holder = await writer.holder().catch(() => null);
  const outcomes = await Promise.all(
    records.map(async ({ body, messageId }) => {
      const failed = [{ itemIdentifier: messageId }];
      try {
        const isHandedOver = await handOver(ports, parseMessage(body));
        return isHandedOver || holder !== null ? [] : failed;
      } catch (error) {
        log('deliver_failed', { defect: defectOf(error) });
        return failed;
      }
    }),
  );
  return { batchItemFailures: outcomes.flat() };
}

async function perform(ports: DeliverPorts, message: Message | undefined, work: Work): Promise<void> {
  switch (message?.kind) {
    case 'deliver':
      return initialAttempt(ports, message, work);
    case 'attempt':
      return retryAttempt(ports, message, work);
    case 'resume_parked':
      return resumeParked(ports, message, work);
    case 'challenge':
      return challengeEndpoint(ports, message, work);
    case 'fan_out':
      return fanOutLater(ports, message, work);
    case 'replay':
      return replay(ports, message, work);
    case undefined:
      throw new Defect('a message has no known form');
  }
}
