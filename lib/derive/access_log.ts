// One JSON line per request at the gateway (promise AUD-4). `resourcePath` is the route as declared: the path, the query
// and the headers, which may hold ids, card numbers or credentials, are never logged.

const fields = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  operation: '$context.operationName',
  status: '$context.status',
  responseType: '$context.error.responseType',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  integrationStatus: '$context.integration.status',
  authorizerStatus: '$context.authorizer.status',
  authorizerLatencyMs: '$context.authorizer.latency',
  principalId: '$context.authorizer.principalId',
  sourceIp: '$context.identity.sourceIp',
  tlsVersion: '$context.tlsVersion',
  cipherSuite: '$context.cipherSuite',
} as const;

export const accessLogFormat: string = JSON.stringify(fields);
