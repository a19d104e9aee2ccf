// Structured logs, written by Powertools Logger. A line is a message of this catalogue with allow-listed fields beside
// Powertools' own keys: never an event, a body, an error's text, a secret or personal data. What a line
// repeats of a request or a processor is searched for card and bank account numbers.

import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import type { Context } from 'aws-lambda';
import { Secret } from '../crypto/secret.ts';
import { withoutAccountNumber } from '../domain/account_number.ts';
import type { Config } from './config.ts';

/** Each message has its level here: who logs does not choose. */
export const messages = {
  request_answered: 'info',
  request_failed: 'error',
  authorizer_failed: 'error',
  credential_unrecognised: 'warn',
  facts_relayed: 'info',
  fan_out_deferred: 'warn',
  relay_failed: 'error',
  record_unreadable: 'error',
  fact_forged: 'error',
  update_lost: 'error',
  updates_lost: 'warn',
  payment_corrected: 'warn',
  usage_keys_made: 'info',
  usage_keys_failed: 'error',
  secret_rotated: 'info',
  rotation_failed: 'error',
  secret_overdue: 'error',
  rewrap_finished: 'info',
  rewrap_failed: 'error',
  rewrap_overdue: 'error',
  reconcile_finished: 'info',
  reconcile_item_failed: 'error',
  provider_answered: 'info',
  operation_not_executed: 'warn',
  connection_failed: 'error',
  connection_refused: 'error',
  connection_health_unknown: 'warn',
  operation_unresolved: 'error',
  delivery_attempted: 'info',
  delivery_failed: 'warn',
  deliver_failed: 'error',
  dispatch_finished: 'info',
  endpoint_disabled: 'warn',
  circuit_opened: 'warn',
  notification_received: 'info',
  notification_refused: 'warn',
  ingress_failed: 'error',
  lease_failed: 'error',
  writer_changed: 'warn',
  events_settled: 'info',
  event_failed: 'error',
  event_unmatched: 'warn',
  event_contradicts: 'error',
  other_region_unhealthy: 'error',
  second_region_writes: 'warn',
} as const;

export type Message = keyof typeof messages;

/** What Powertools says of itself (that it samples an invocation) is printed as this, without its words. */
const notice = 'logger_notice';

/** What a line may hold, and nothing else. `defect` is our own text or an error's class name, never its message. */
const fieldTypes = {
  request_id: 'string',
  operation: 'string',
  status: 'number',
  code: 'string',
  duration_ms: 'number',
  tenant: 'string',
  mode: 'string',
  actor: 'string',
  object: 'string',
  table: 'string',
  sequence_number: 'string',
  attempt: 'number',
  provider_fact: 'string',
  count: 'number',
  failed: 'number',
  defect: 'string',
  at: 'string',
} as const;

export type Fields = {
  readonly [Name in keyof typeof fieldTypes]?: (typeof fieldTypes)[Name] extends 'number' ? number : string;
};

export type Log = (message: Message, fields: Fields) => void;

const fieldList = Object.entries(fieldTypes);

/** The fields that are on the list and of their type. A secret shows that it is there. */
function allowed(given: LogAttributes): LogAttributes {
  const fields: LogAttributes = {};
  for (const [name, type] of fieldList) {
    const value = given[name];
    if (value instanceof Secret) fields[name] = value.toString();
    else if (typeof value === type) fields[name] = typeof value === 'string' ? withoutAccountNumber(value) : value;
  }
  return fields;
}

/** Powertools' usual keys, then ours. Times are in UTC, whatever the time zone of the process. */
class CatalogueFormatter extends LogFormatter {
  override formatAttributes(given: UnformattedAttributes, fields: LogAttributes): LogItem {
    const { lambdaContext } = given;
    return new LogItem({
      attributes: {
        level: given.logLevel,
        message: Object.hasOwn(messages, given.message) ? given.message : notice,
        timestamp: given.timestamp.toISOString(),
        service: given.serviceName,
        cold_start: lambdaContext?.coldStart,
        function_name: lambdaContext?.functionName,
        function_request_id: lambdaContext?.awsRequestId,
        sampling_rate: given.sampleRateValue,
        xray_trace_id: given.xRayTraceId,
        ...allowed(fields),
      },
    });
  }
}

const property = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;

/** What API Gateway says of a request. The authorizer names a tenant only when it has verified its key. */
function requestFields(event: unknown): LogAttributes {
  const request = property(event, 'requestContext');
  const caller = property(request, 'authorizer');
  return {
    request_id: property(request, 'requestId'),
    tenant: property(caller, 'tenant'),
    mode: property(caller, 'mode'),
  };
}

export interface FunctionLog {
  readonly log: Log;
  /** Called with each event before anything is logged: every line then names the invocation, and its request and tenant. */
  readonly startInvocation: (event: unknown, context: Context) => void;
}

export function functionLog({ service, level, sampleRate }: Config['logging']): FunctionLog {
  const logger = new Logger({
    serviceName: service,
    logLevel: level,
    sampleRateValue: sampleRate,
    logFormatter: new CatalogueFormatter(),
  });
  // Not by Powertools' `appendKeys`: clearing and merging keys made the start of an invocation cost ten times as much.
  let request: LogAttributes = {};
  return {
    log: (message, fields) => logger[messages[message]](message, { ...request, ...fields }),
    startInvocation(event, context) {
      request = requestFields(event);
      logger.addContext(context);
      if (sampleRate > 0) logger.refreshSampleRateCalculation();
    },
  };
}
