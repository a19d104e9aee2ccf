// What an engineer's commands ask of AWS, answered on loopback: each answer by the service that the request is signed for, and its
// operation. What nothing answers is refused, as an account refuses what its policies don't allow.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly service: string;
  readonly region: string;
  /** The operation, or the path. */
  readonly what: string;
  readonly body: string;
}

/** Null: no answer at all. */
export type Answer = string | object | { readonly status: number; readonly body: string } | null;
/** `<service> <operation or path>` -> the answer. */
export type Answers = Readonly<Record<string, Answer | ((asked: Asked) => Answer)>>;

export interface AwsStub {
  readonly endpoint: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const refused = (code: string, status = 400): Answer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws#${code}`, message: 'refused' }),
});
export const refusedXml = (code: string): Answer => ({
  status: 400,
  body: `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`,
});

const isReply = (answer: Answer): answer is { readonly status: number; readonly body: string } =>
  typeof answer === 'object' && answer !== null && 'status' in answer && 'body' in answer;

const operationIn = (path: string, target: string | undefined, body: string): string =>
  target?.split('.').at(-1) ?? new URLSearchParams(body).get('Action') ?? path.replace(/\?.*/, '');

export async function startAwsStub(answers: Answers): Promise<AwsStub> {
  const asked: Asked[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const [, , region = '', service = ''] =
      /Credential=([^/]+\/\d{8})\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
    const target = request.headers['x-amz-target'];
    const what = operationIn(request.url ?? '', typeof target === 'string' ? target : undefined, body);
    const one: Asked = { service, region, what, body };
    asked.push(one);
    const found = answers[`${service} ${what}`];
    const answer =
      found === undefined ? refused('AccessDeniedException', 403) : typeof found === 'function' ? found(one) : found;
    if (answer === null) return;
    if (isReply(answer)) response.writeHead(answer.status).end(answer.body);
    else response.writeHead(200).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An account in which everything is ready and nothing is deployed. */
export const readyAccount: Answers = {
  'sts GetCallerIdentity':
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account><Arn>arn:aws:iam::111111111111:user/x</Arn><UserId>x</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>',
  'ec2 DescribeRegions': ({ body }) =>
    [...new URLSearchParams(body)]
      .filter(([name]) => name.startsWith('RegionName'))
      .map(
        ([, region]) => `<item><regionName>${region}</regionName><optInStatus>opt-in-not-required</optInStatus></item>`,
      )
      .join(''),
  'cloudformation ListStacks': '<ListStacksResponse><StackSummaries/></ListStacksResponse>',
  'ssm GetParameter': { Parameter: { Value: '28' } },
  'lambda /2016-08-19/account-settings/': {
    AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
  },
  'servicequotas GetServiceQuota': { Quota: { Value: 5 } },
  'ec2 DescribeVpcs': '<vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet>',
  'ec2 DescribeAddresses': '<addressesSet/>',
  'apigateway /apikeys': { item: [] },
  'backup /account-settings': {
    ResourceTypeOptInPreference: { DynamoDB: true },
    ResourceTypeManagementPreference: { DynamoDB: true },
  },
  'apigateway /account': { throttleSettings: { rateLimit: 10_000, burstLimit: 5_000 } },
};
