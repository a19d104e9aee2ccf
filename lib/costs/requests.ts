// What a million requests cost: units that the contract declares and a test counts, by the price list, and a model of Lambda's
// time and the logs (assumed.ts). The parts of the edge are those that the templates have.

import { costs, functions, type OperationId, operations } from '../../contract/capabilities.ts';
import { dollarsPerMillion, type Priced } from '../../contract/kernel/prices.ts';
import { authorizerCosts } from '../../contract/tenants/descriptions.ts';
import { createdResources } from '../template.ts';
import { assumed, deliveryUse, logBytes, measuredCpuMs, mebibytesPerCore } from './assumed.ts';
import type { DeployedTemplate } from './idle.ts';

type Use = Partial<Record<Priced, number>>;

/** Operation -> its share of the requests. */
export type Mix = Readonly<Partial<Record<OperationId, number>>>;

/** A shop that looks at each payment about twice, and refunds one in six. */
export const usualMix: Mix = {
  'payments/create': 0.3,
  'payments/get': 0.5,
  'payments/list': 0.1,
  'payments/capture': 0.05,
  'payments/refund': 0.05,
};

export interface RequestLine {
  readonly service: string;
  readonly dollarsPerMillion: number;
}

export interface Edge {
  readonly region: string;
  readonly webAcl: boolean;
  /** Regions that hold each row: a replica is written once more. */
  readonly copies: number;
}

/** What the templates of a zone's home region say. */
export function edgeOf(deployed: readonly DeployedTemplate[], region: string): Edge {
  const resources = deployed
    .filter((each) => each.region === region)
    .flatMap(({ template }) => createdResources(template));
  const replicas = resources.flatMap(({ Type, Properties }) =>
    Type === 'AWS::DynamoDB::GlobalTable' ? [Properties.Replicas?.length ?? 1] : [],
  );
  return {
    region,
    webAcl: resources.some(({ Type }) => Type === 'AWS::WAFv2::WebACL'),
    copies: replicas.length === 0 ? 1 : replicas.reduce((sum, count) => sum + count, 0) / replicas.length,
  };
}

/** Billed by whole milliseconds. */
const lambda = (memoryMiB: number, cpuMs: number, calls: number, waitMs = 0): Use => {
  const ms = Math.ceil(cpuMs * (mebibytesPerCore / memoryMiB) + calls * assumed.awsCallMs + waitMs);
  return { lambdaGbSecond: (ms / 1000) * (memoryMiB / 1024), lambdaRequest: 1 };
};

const gb = (bytes: number): Use => ({ logGb: bytes / 1e9 });

/** What a request of an operation uses, by what it is shown as. */
function usesOf(id: OperationId, { webAcl, copies }: Edge): Readonly<Record<string, readonly Use[]>> {
  const cost = costs[id];
  const operation = operations.find((each) => each.id === id);
  const { memoryMiB } = functions[operation?.function ?? 'money'];
  const authorizer = authorizerCosts.usual;
  const { events } = cost;
  const lines =
    logBytes.request +
    logBytes.gateway +
    2 * logBytes.invocation +
    (webAcl ? logBytes.webAcl : 0) +
    cost.processor * logBytes.processorAnswer +
    events * logBytes.invocation;
  return {
    'API Gateway': [{ gatewayCall: 1 }],
    ...(webAcl && { WAF: [{ wafRequest: 1 }] }),
    DynamoDB: [
      {
        writeUnit: (cost.write + cost.behind + authorizer.write) * copies,
        readUnit: cost.read + authorizer.read,
      },
    ],
    Lambda: [
      lambda(functions.authorizer.memoryMiB, measuredCpuMs.authorizer, authorizer.calls),
      lambda(memoryMiB, measuredCpuMs.operation, cost.calls, cost.processor * assumed.processorMs),
      ...Array.from({ length: events / assumed.factsPerBatch }, () =>
        lambda(functions.relay.memoryMiB, assumed.relayCpuMs, assumed.relayCalls),
      ),
    ],
    EventBridge: [{ busEvent: events }],
    KMS: [{ kmsCall: cost.kms + authorizer.kms }],
    logs: [gb(lines)],
    'webhooks, one endpoint': Object.entries(deliveryUse).map(([name, units]) => ({
      [name]: units * events * (name === 'writeUnit' ? copies : 1),
    })),
  };
}

/** A line for each service, the dearest first. */
export function requestCost(mix: Mix, edge: Edge): RequestLine[] {
  const lines = new Map<string, number>();
  const shares = Object.values(mix).reduce((sum, share) => sum + share, 0);
  for (const [id, share] of Object.entries(mix) as [OperationId, number][])
    for (const [service, uses] of Object.entries(usesOf(id, edge)))
      for (const use of uses) {
        const dollars = (dollarsPerMillion(use, edge.region) * share) / shares;
        lines.set(service, (lines.get(service) ?? 0) + dollars);
      }
  return [...lines]
    .map(([service, dollars]) => ({ service, dollarsPerMillion: dollars }))
    .filter((line) => line.dollarsPerMillion > 0)
    .sort((a, b) => b.dollarsPerMillion - a.dollarsPerMillion);
}
