// Synthesizes the configuration that tests describe, as bin/app.ts does an installation's own.

import { referenceConfig } from '../../lib/reference_config.ts';
import { synthesize } from '../../lib/synthesize.ts';

await synthesize(referenceConfig);
