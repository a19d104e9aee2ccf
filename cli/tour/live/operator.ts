// Another operator, made as a person who may deploy makes one.

import { join } from 'node:path';
import { createOperator } from '../../../local/cloud/demo.ts';
import { deployerOf } from '../../local_cloud.ts';

export async function secondOperator(state: string): Promise<string> {
  const { stage, endpoint, credentials } = await deployerOf(state);
  const folder = { path: state, file: (name: string) => join(state, name) };
  const projectRoot = join(import.meta.dirname, '..', '..', '..');
  return createOperator('us', 'second operator', folder, {
    projectRoot,
    stage,
    awsUrl: endpoint,
    deployer: credentials,
  });
}
