// Structured logs. A line is a message of this catalogue with allow-listed fields: never an event, a body, an error's
// text, a secret or personal data.

import { Logger } from '@aws-lambda-powertools/logger';

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
  sweep_finished: 'INFO',
  sweep_item_failed: 'ERROR',
  provider_answered: 'INFO',
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

export function powertoolsLog(): Log {
  const logger = new Logger({ serviceName: 'strongroom' });
  return (message, fields) => {
    const line = { ...fields };
    if (messages[message] === 'ERROR') logger.error(message, line);
    else if (messages[message] === 'WARN') logger.warn(message, line);
    else logger.info(message, line);
  };
}
