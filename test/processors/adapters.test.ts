// The test processor, and the stubs of Stripe and Adyen, each through its adapter: one suite for all.

import { afterAll, beforeAll, describe } from 'vitest';
import { testProcessor } from '../../lambdas/processors/test/processor.ts';
import { AdyenStub, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { adapterSuite } from './adapter_suite.ts';
import { chargeLines, type RunningProcessor, startProcessor } from './processor_process.ts';
import { adyenAdapter, stripeAdapter } from './stub_adapters.ts';

describe('the test processor', () => {
  let running: RunningProcessor;
  beforeAll(async () => {
    running = await startProcessor();
  });
  afterAll(() => running.kill());
  adapterSuite('test', () => ({
    adapter: testProcessor(running.url),
    tokens: { approved: 'pm_test_visa', declined: 'pm_test_insufficient_funds', challenge: 'pm_test_3ds' },
    loseAnswer: () => 'pm_test_timeout_then_charged',
    charges: (reference) =>
      chargeLines(running.ledger, reference).filter((line) => line.includes('"outcome":"approved"')).length,
    settlesAtOnce: true,
    findsCharges: true,
  }));
});

describe('Stripe', () => {
  const stub = new StripeStub();
  beforeAll(() => stub.start());
  afterAll(() => stub.server.stop());
  adapterSuite('Stripe', () => ({
    adapter: stripeAdapter(stub),
    tokens: { approved: 'pm_card_visa', declined: 'pm_card_declined', challenge: 'pm_card_3ds' },
    loseAnswer() {
      stub.server.losses.push('answer');
      return 'pm_card_visa';
    },
    charges: (reference) => stub.chargesOf(reference).length,
    settlesAtOnce: true,
    findsCharges: true,
  }));
});

describe('Adyen', () => {
  const stub = new AdyenStub();
  beforeAll(() => stub.start());
  afterAll(() => stub.server.stop());
  adapterSuite('Adyen', () => ({
    adapter: adyenAdapter(stub),
    tokens: {
      approved: storedCard('approved'),
      declined: storedCard('declined'),
      challenge: storedCard('challenge'),
    },
    loseAnswer() {
      stub.server.losses.push('answer');
      return storedCard('approved');
    },
    charges: (reference) => stub.chargesOf(reference).length,
    settlesAtOnce: false,
    findsCharges: false,
  }));
});
