// Structured logs. A line is a message of this catalogue with allow-listed fields: never an event, a body, an error's
// text, a secret or personal data.

import { systemClock, timestamp } from './clock.ts';

export const messages = {
  request_answered: 'INFO',
  request_failed: 'ERROR',
  authorizer_failed: 'ERROR',
  credential_unrecognised: 'WARN',
  facts_relayed: 'INFO',
  relay_failed: 'ERROR',
  record_unreadable: 'ERROR',
  usage_keys_made: 'INFO',
  usage_keys_failed: 'ERROR',
  secret_rotated: 'INFO',
  rotation_failed: 'ERROR',
  secret_overdue: 'ERROR',
  rewrap_finished: 'INFO',
  rewrap_failed: 'ERROR',
  rewrap_overdue: 'ERROR',
  sweep_finished: 'INFO',
  sweep_item_failed: 'ERROR',
  provider_answered: 'INFO',
  order_not_carried: 'WARN',
  connection_failed: 'ERROR',
  delivery_attempted: 'INFO',
  delivery_failed: 'WARN',
  deliver_failed: 'ERROR',
  dispatch_finished: 'INFO',
  endpoint_disabled: 'WARN',
  circuit_opened: 'WARN',
  notification_received: 'INFO',
  notification_refused: 'WARN',
  ingress_failed: 'ERROR',
  events_settled: 'INFO',
  event_failed: 'ERROR',
  event_unmatched: 'WARN',
  event_contradicts: 'ERROR',
} as const;

export type Message = keyof typeof messages;

/** What a line may hold, and nothing else. `defect` is our own text or an error's class name, never its message. */
export interface Fields {
  readonly request_id?: string;
  readonly operation?: string;
  readonly status?: number;
  readonly code?: string;
  readonly duration_ms?: number;
  readonly tenant?: string;
  readonly mode?: string;
  readonly actor?: string;
  readonly object?: string;
  readonly attempt?: number;
  readonly provider_fact?: string;
  readonly count?: number;
  readonly failed?: number;
  readonly defect?: string;
  readonly at?: string;
}

export type Log = (message: Message, fields: Fields) => void;

/** One line of JSON on the process's own output: Lambda's console would put words in front of it. */
export const printLine = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

export const printedLog = (): Log => (message, fields) =>
  printLine({
    level: messages[message],
    message,
    timestamp: timestamp(systemClock()),
    service: 'strongroom',
    ...fields,
  });
