// The ingress: a provider's request in, the provider's own answer out. After a failure the answer makes the provider send it
// again. No log line holds anything of bodies, headers or signatures.

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '../../../contract/capabilities.ts';
import { answerHeaders, requestIdHeader } from '../../../contract/kernel/headers.ts';
import { ingress } from '../../../contract/processor_events/ingress.ts';
import { Defect, defectOf, Refusal } from '../../kernel/domain/refusal.ts';
import { problem } from '../../kernel/http/answer.ts';
import { type IngestedNotification, ingestNotification } from './ingest.ts';
import type { IngressPorts } from './ports.ts';

export type IngressHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

export const receive =
  (ports: IngressPorts): IngressHandler =>
  async (event) => {
    const { clock, log, meter } = ports.platform;
    const startedAtMs = clock();
    const { requestId } = event.requestContext;
    const ended = await ingested(ports, event);
    const answer = 'error' in ended ? problem(codeOf(ended.error), {}, requestId) : accepted(ended, requestId);
    const duration_ms = clock() - startedAtMs;
    const fields = { operation: ingress.id, request_id: requestId, status: answer.statusCode, duration_ms };
    if (!('error' in ended)) {
      const { connection, event: object, repeated } = ended;
      const { tenant, mode } = connection;
      log('notification_received', { ...fields, tenant, mode, object, ...(repeated && { code: 'repeated' }) });
    } else if (ended.error instanceof Refusal) log('notification_refused', { ...fields, code: ended.error.code });
    else log('ingress_failed', { ...fields, defect: defectOf(ended.error) });
    meter(ingress.id, ingress.slo, { durationMs: duration_ms, fault: answer.statusCode >= 500 });
    return answer;
  };

const ingested = async (
  ports: IngressPorts,
  event: APIGatewayProxyEvent,
): Promise<IngestedNotification | { error: unknown }> =>
  event.httpMethod === ingress.method && event.resource === ingress.path
    ? ingestNotification(ports, event).catch((error: unknown) => ({ error }))
    : { error: new Refusal('route_unknown') };

function codeOf(error: unknown): ErrorCode {
  if (error instanceof Refusal) return error.code;
  return error instanceof Defect ? 'internal_error' : 'unavailable';
}

const accepted = ({ accepted: { status, body } }: IngestedNotification, requestId: string): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { ...answerHeaders, 'Content-Type': 'text/plain; charset=utf-8', [requestIdHeader]: requestId },
  body,
});
