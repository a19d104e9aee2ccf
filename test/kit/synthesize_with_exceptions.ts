// Synthesizes one zone for the CDK's command line with a table of exceptions that is `right`, has `expired`, or has a row that is
// `unused`.

import { buildApp } from '../../lib/app.ts';
import { type Exception, exceptions } from '../../lib/compliance/exceptions.ts';
import { configure } from '../../lib/config.ts';
import { referenceConfig } from '../../lib/reference_config.ts';

const unused: Exception = {
  id: 'AwsSolutions::AwsSolutions-S1',
  at: 'relay/no-such-bucket',
  reason: 'matches nothing',
  owner: 'platform',
  expires: '2099-01-01',
};
const tables = {
  right: { today: '2026-11-21', exceptions },
  expired: { today: '2099-01-01', exceptions },
  unused: { today: '2026-11-21', exceptions: [...exceptions, unused] },
};

const [which = ''] = process.argv.slice(2);
const outdir = process.env.CDK_OUTDIR;
if (outdir === undefined || !Object.hasOwn(tables, which))
  throw new Error(`CDK_OUTDIR and one of ${Object.keys(tables)}`);
const config = configure({ ...referenceConfig, stages: { live: { data: 'locked', zones: { us: {} } } } });
buildApp(config, { outdir, ...tables[which as keyof typeof tables] }).synth();
