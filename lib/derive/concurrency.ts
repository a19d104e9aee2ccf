// How many instances of a function may run at once, where fewer are safer than more. A reservation is taken from what the
// account's other functions may use, so the functions that answer merchants have none: they share all the rest.

import type { FunctionName } from '../../contract/capabilities.ts';
import { slo } from '../../contract/kernel/slo.ts';
import { ingressThrottle } from '../../contract/processor_events/limits.ts';
import type { ZoneDeployment } from './names.ts';

const reserved: Partial<Record<FunctionName, number>> = {
  // Anybody may call it: a flood of readers must leave the rest to those who move money.
  docs: 50,
  // So may this, and providers repeat what was not answered: as many as its throttle keeps busy at the service level's p99.
  processor_webhooks: Math.ceil((ingressThrottle.requestsPerSecond * slo.ingress.p99Ms) / 1000),
  // Sweeps never overlap: two would only race each other for the same payments.
  reconciler: 1,
  // Neither do its runs: two would put the same deliveries into the queue.
  dispatcher: 1,
  // Nor its: two would walk over the same rows at twice the rate.
  rewrapper: 1,
  // API Gateway takes few changes a second (API Gateway quotas, "CreateApiKey", read 2026-11: 5).
  usage_key_provisioner: 1,
};

/** New accounts may run 10 at once and reserve none (known, not looked up): only locked stages reserve. */
export const concurrencyOf = (place: ZoneDeployment, name: FunctionName): number | undefined =>
  place.stageConfig.data === 'locked' ? reserved[name] : undefined;
