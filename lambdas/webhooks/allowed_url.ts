// An endpoint's address as it is stored, or a refusal that says what is wrong with it. Where its name leads is looked at
// again whenever something is sent.

import { urlRefusals } from '../../contract/resources/endpoint_url.ts';
import type { Mode } from '../../contract/roles.ts';
import { judgeEndpointUrl } from '../deliver/endpoint_url.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Config } from '../platform/config.ts';

export function allowedUrl(text: string, mode: Mode, config: Config): string {
  const judged = judgeEndpointUrl(text, mode === 'test' ? config.listenOrigin : undefined);
  if (judged.kind === 'accepted') return judged.url.href;
  const findings = [{ pointer: '/url', detail: urlRefusals[judged.reason] }];
  throw new Refusal('endpoint_url_not_allowed', { findings });
}
