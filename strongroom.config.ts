// What an engineer edits: who runs Strongroom, which stages there are, and where each one lives.
// It must never hold a secret. A mistake stops the synthesis with the place and the reason (lib/config.ts).

import { configure } from './lib/config.ts';

export default configure({
  contacts: {
    operations: 'operations@strongroom.example',
    security: 'security@strongroom.example',
    privacy: 'privacy@strongroom.example',
  },

  // Where test-mode payments without a connection go. The local cloud puts its own processor here; without one they are refused.
  // testProcessorUrl: 'https://processor.example.com',

  stages: {
    production: {
      data: 'locked',
      // domain: 'pay.example.com',
      zones: {
        us: {
          // account: '111111111111',
          // certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/…',
          // hostedZoneId: 'Z…',
          // secondCertificateArn: 'arn:aws:acm:us-west-2:111111111111:certificate/…',
        },
        eu: {},
        // apac: {},
      },
    },

    // Runs on one machine with `npm start`: production's parts, without its locks.
    development: {
      data: 'disposable',
      zones: { us: {}, eu: {} },
    },

    // For trying it out in an AWS account of your own: a tenth of production's price, and what it gives up is printed.
    sandbox: {
      profile: 'sandbox',
      data: 'disposable',
      zones: { us: {} },
    },
  },
});
