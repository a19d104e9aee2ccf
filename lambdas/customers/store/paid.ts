// A payment as far as it concerns what its processor keeps for its customer: nothing of the money, and nothing else that is sealed.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { futureUsages } from '../../../contract/kernel/future_usage.ts';
import { modes } from '../../../contract/kernel/roles.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import type { StorePlatform } from '../../kernel/store/commit.ts';
import { batchGet } from '../../kernel/store/load.ts';

const Paid = v.object({
  pk: v.string(),
  tenant: v.string(),
  mode: v.picklist(modes),
  customer: v.nullable(v.string()),
  connection: v.nullable(v.string()),
  setup_future_usage: v.nullable(v.picklist(futureUsages)),
  reusable_method: v.optional(SealedText),
});
const attributes = ['pk', 'sk', ...Object.keys(v.omit(Paid, ['pk']).entries)];
export type Paid = v.InferOutput<typeof Paid>;

/** Undefined where there is no such payment. */
export async function loadPaid(platform: StorePlatform, id: string): Promise<Paid | undefined> {
  const keys = [{ pk: id, sk: 'payment' }];
  const read = await batchGet(platform, { payments: { keys, consistent: true, only: attributes } });
  const [item] = read('payments');
  if (item === undefined) return undefined;
  const parsed = v.safeParse(Paid, unmarshall(item));
  if (!parsed.success) throw new Defect('a row of payments does not fit its schema');
  return parsed.output;
}
