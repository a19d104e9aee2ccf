// An endpoint's URL as it is stored, or a refusal that says what is wrong with it. What its host resolves to is checked at every
// attempt.

import type { Mode } from '../../contract/kernel/roles.ts';
import { urlRefusals } from '../../contract/webhooks/endpoint_url.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Config } from '../kernel/platform/config.ts';
import { checkEndpointUrl } from './http/endpoint_url.ts';

export function allowedUrl(text: string, mode: Mode, config: Config): string {
  const checked = checkEndpointUrl(text, mode === 'test' ? config.listenOrigin : undefined);
  if (checked.kind === 'accepted') return checked.url.href;
  const findings = [{ pointer: '/url', detail: urlRefusals[checked.reason] }];
  throw new Refusal('endpoint_url_not_allowed', { findings });
}
