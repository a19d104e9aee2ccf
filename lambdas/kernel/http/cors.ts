// Lets a page of any origin read the answers of what payers' browsers may call, refusals included; of nothing else.

import type { Operation } from '../../../contract/capabilities.ts';
import { corsHeaders } from '../../../contract/kernel/headers.ts';
import type { Exchange, Middleware } from './exchange.ts';

export function cors({ payerReply }: Operation): Middleware {
  const allow = (exchange: Exchange): void => {
    const { response } = exchange;
    if (response && payerReply !== undefined)
      exchange.response = { ...response, headers: { ...response.headers, ...corsHeaders } };
  };
  return { after: allow, onError: allow };
}
