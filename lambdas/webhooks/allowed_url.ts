// An endpoint's address as it is stored, or a refusal that says what is wrong with it. Where its name leads is looked at
// again whenever something is sent.

import type { Mode } from '../../contract/kernel/roles.ts';
import { urlRefusals } from '../../contract/webhooks/endpoint_url.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Config } from '../kernel/platform/config.ts';
import { checkEndpointUrl } from './http/endpoint_url.ts';

export function allowedUrl(text: string, mode: Mode, config: Config): string {
  const judged = checkEndpointUrl(text, mode === 'test' ? config.listenOrigin : undefined);
  if (judged.kind === 'accepted') return judged.url.href;
  const findings = [{ pointer: '/url', detail: urlRefusals[judged.reason] }];
  throw new Refusal('endpoint_url_not_allowed', { findings });
}
