// What a stage pays for. Everything in which a sandbox differs from production is a number or a switch here, with its reason, and
// nowhere else: constructs, policies and rules read these, and never ask for the profile's name. What a sandbox gives up is named
// beside it; it is printed at synthesis and stands in docs/generated/profiles.md.

import { functions, queues } from '../../contract/capabilities.ts';
import type { FunctionRow } from '../../contract/kernel/function.ts';
import { apiThrottle } from '../../contract/kernel/limits.ts';
import { ingressThrottle } from '../../contract/processor_events/limits.ts';
import type { PromiseId } from '../compliance/promises.ts';

export const profileNames = ['production', 'sandbox'] as const;
export type ProfileName = (typeof profileNames)[number];

export interface Throttle {
  readonly requestsPerSecond: number;
  readonly burstRequests: number;
}

export interface Profile {
  /** A VPC with NAT gateways, endpoints and a flow log. Without, functions run outside of any VPC. */
  readonly network: boolean;
  /** A web ACL in front of the API, with its log. */
  readonly webAcl: boolean;
  /** Whether functions reserve the instances of their rows, which takes a raised quota. */
  readonly reservesConcurrency: boolean;
  /** Batches of a queue that are worked on at once, at most. Null: as many as the function's row says. */
  readonly queueConcurrency: number | null;
  /**
   * Of each method, for all callers together, and of the route of processors. API Gateway applies a stage's limit to every method by itself (its
   * guide, "How throttling limit settings are applied"), and charges for no request that it throttles.
   */
  readonly throttle: { readonly api: Throttle; readonly ingress: Throttle };
  /** One of the periods that CloudWatch Logs has. */
  readonly logDays: number;
  /** Whether new code of functions that answer requests meets a tenth of them first (lib/derive/live_alias.ts). */
  readonly gradualDeployment: boolean;
  /** Names of alarms. `all`: those of lib/derive/alarms.ts. */
  readonly alarms: 'all' | readonly string[];
}

/**
 * What a new account may run at once in a region, until AWS raises it or is asked to ("New AWS accounts have reduced concurrency",
 * Lambda quotas, read 2026-12-01; 10 in awslabs/fhir-works-on-aws-deployment #691).
 */
export const newAccountInstances = 10;

/** The least that Lambda takes (Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", read 2026-12). */
const leastQueueConcurrency = 2;

const schedules = Object.values<FunctionRow>(functions).filter(({ trigger }) => trigger.kind === 'schedule').length;

/**
 * Requests at once that leave queues and schedules what they need of a new account's instances. Streams wait their turn: what Lambda
 * throttles counts for no retry of a batch (Lambda developer guide, "Process DynamoDB records", retry attempts; known, not looked up).
 */
const burstOfNewAccount = newAccountInstances - leastQueueConcurrency * Object.keys(queues).length - schedules;

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  production: {
    network: true,
    webAcl: true,
    reservesConcurrency: true,
    queueConcurrency: null,
    throttle: { api: apiThrottle, ingress: ingressThrottle },
    // A year (AUD-2): for logs of who called, and for what our code logs, on which the account of an incident rests.
    logDays: 365,
    gradualDeployment: true,
    alarms: 'all',
  },
  sandbox: {
    // NAT gateways and interface endpoints are three quarters of what a zone costs before its first request.
    network: false,
    // As much as keys, secrets and alarms of the sandbox together; its throttle bounds what a flood can cost.
    webAcl: false,
    // A new account may run 10 instances at once and reserve none of them (lib/derive/concurrency.ts).
    reservesConcurrency: false,
    queueConcurrency: leastQueueConcurrency,
    // A flood of one method costs what 5 requests a second cost; one of all methods as many times as much (docs/decisions/0034).
    throttle: {
      api: { requestsPerSecond: 5, burstRequests: burstOfNewAccount },
      ingress: { requestsPerSecond: 2, burstRequests: 2 },
    },
    // As long as a dead letter waits for somebody who looks at what was logged about it.
    logDays: 14,
    // A tenth of a few requests says nothing, the alarms that would judge it are not there, and each deployment takes ten minutes more.
    gradualDeployment: false,
    // Those that say that something is down, lost, forged or stuck for good. A stage that one person tries out has no service
    // level to hold, and an alarm on each function costs a part for each.
    alarms: [
      'gateway-failing',
      'authorizer-failing',
      'failed-stream-records',
      'failed-stream-records-lost',
      'facts-forged',
      'deliveries-dead-lettered',
      'operations-unresolved',
      'events-contradicting',
      'reconciler-stopped',
      'dispatcher-stopped',
      'rewrapper-stopped',
      'rotator-failing',
      'secrets-overdue',
      'rewrap-overdue',
    ],
  },
};

/** Of a deployment or of a stage's configuration: whatever names its stage's profile. */
export const profileOf = ({ stageConfig }: { readonly stageConfig: { readonly profile: ProfileName } }): Profile =>
  profiles[stageConfig.profile];

/** What a sandbox does without. */
export interface GivenUp {
  readonly part: string;
  /** Promises that do not hold in a sandbox, or not whole. */
  readonly promises: readonly PromiseId[];
  readonly loses: string;
  /** What is there all the same. */
  readonly remains: string;
}

export const givenUp: readonly GivenUp[] = [
  {
    part: 'the network: VPC, NAT gateways, interface endpoints, flow log',
    promises: ['NET-1', 'NET-4'],
    loses:
      'functions run outside of a VPC, so code that somebody took over could call any address; no endpoint stops the credentials of another account; calls leave from addresses of AWS that change, so nobody can allow-list them; connections are not logged',
    remains:
      'each function’s role with the same grants, key policies, TLS to every service of AWS, and the check of each address that a webhook goes to',
  },
  {
    part: 'the web ACL and its log',
    promises: ['NET-2', 'API-2'],
    loses:
      'no managed rules against known attacks and bad addresses, and no bounds by address or credential: one caller can use up what all callers may do',
    remains: `the gateway’s throttle of ${profiles.sandbox.throttle.api.requestsPerSecond} requests a second to each method for all callers together, usage plans for each tenant, the authorizer, and validation of every body`,
  },
  {
    part: 'reserved instances of functions',
    promises: ['HST-3'],
    loses:
      'the ingress and the public pages are bounded by the throttle alone, and runs of one schedule may overlap, which costs calls and changes nothing',
    remains: 'conditional writes, under which work that is done twice has one outcome',
  },
  {
    part: 'alarms on service levels, on each function, and on what is slow but goes on',
    promises: ['SLO-2', 'FRD-3'],
    loses: 'nobody learns of requests that fail or are slow while the gateway answers',
    remains: `${profiles.sandbox.alarms.length} alarms on what is down, lost, forged or stuck, the dashboard, and the logs`,
  },
  {
    part: 'gradual deployment of functions that answer requests',
    promises: ['SLO-1'],
    loses: 'all requests meet new code at once, and no alarm but two takes it back',
    remains: 'CloudFormation, which takes a change of functions or API back when the gateway or the authorizer fails',
  },
  {
    part: 'logs for a year',
    promises: ['AUD-2', 'AUD-4'],
    loses: `what was logged is gone after ${profiles.sandbox.logDays} days`,
    remains: 'the audit trail in its table',
  },
  {
    part: 'daily copies of tables in a locked vault, and restore tests',
    promises: ['BCK-2'],
    loses:
      'whoever deletes a table deletes its point-in-time recovery with it, and nobody tries out whether a restore works',
    remains: 'point-in-time recovery of every table, to any second of its days',
  },
  {
    part: 'a second region, and further zones',
    promises: ['RES-3', 'RES-4'],
    loses: 'when the region fails, the sandbox fails with it',
    remains: 'point-in-time recovery of every table',
  },
];

const sandboxGivesUp: ReadonlySet<PromiseId> = new Set(givenUp.flatMap(({ promises }) => promises));

/** Whether a profile holds the whole of a promise. A rule that keeps it asks for less only where it is given up. */
export const holds = (profile: ProfileName, promise: PromiseId): boolean =>
  profile === 'production' || !sandboxGivesUp.has(promise);
