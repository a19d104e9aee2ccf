// The configuration that documents and tests describe: every kind of stage, and nothing that an installation adds. So accounts,
// domains and stages of an installation (strongroom.config.ts) change neither what the documents say nor what the tests find.

import { configure } from './config.ts';

export const referenceConfig = configure({
  contacts: {
    operations: 'operations@strongroom.example',
    security: 'security@strongroom.example',
    privacy: 'privacy@strongroom.example',
  },
  stages: {
    production: { data: 'locked', zones: { us: {}, eu: {} } },
    development: { data: 'disposable', zones: { us: {}, eu: {} } },
    sandbox: { profile: 'sandbox', data: 'disposable', zones: { us: {} } },
  },
});
