// Synthesizes a stage that has all that the reference configuration leaves out: an account, a domain, a restored table. Fails where
// a rule of any pack, or AWS's validator unless it is off, has something to say.

import { buildApp } from '../../lib/app.ts';
import { type ConfigInput, configure } from '../../lib/config.ts';
import { referenceConfig } from '../../lib/reference_config.ts';

const dressed: ConfigInput = {
  ...referenceConfig,
  stages: {
    live: {
      data: 'locked',
      domain: 'pay.example.com',
      zones: {
        eu: {
          account: '111122223333',
          certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
          secondCertificateArn:
            'arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000001',
          hostedZoneId: 'Z0123456789EXAMPLE',
          tableNames: { payments: 'strongroom-live-eu-payments-restored-20270101' },
        },
      },
    },
  },
};

const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('say where to: node test/kit/synthesize_dressed.ts <folder>');
buildApp(configure(dressed), { outdir, today: '2026-11-21' }).synth();
