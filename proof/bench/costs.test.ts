// The declared costs are the measured ones: every operation of the table, on AWS in memory that counts.

import { expect, it } from 'vitest';
import { costs, type OperationId, operations } from '../../contract/capabilities.ts';
import type { Cost } from '../../contract/kernel/description.ts';
import { authorizerCosts } from '../../contract/tenants/descriptions.ts';
import { costOf, countAuthorizer, countOperation } from './scene.ts';

it('an operation costs what its contract says, neither more nor less', async () => {
  const changed: string[] = [];
  for (const operation of operations) {
    const declared: Cost | undefined = costs[operation.id as OperationId];
    const measured = costOf(await countOperation(operation));
    for (const [what, units] of Object.entries(measured)) {
      const before = declared?.[what as keyof Cost];
      if (before !== units) changed.push(`${operation.id}: ${what} ${before ?? 'not declared'} → ${units}`);
    }
  }
  expect(changed, 'declare what an operation costs now, and say why it is worth it').toEqual([]);
});

it('the authorizer costs what its contract says', async () => {
  expect(await countAuthorizer()).toEqual(authorizerCosts);
});
