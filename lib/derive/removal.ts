// What becomes of what holds data when its stack, or its place in a template, goes: where data is locked it stays. A creation
// that fails takes back even that (`RetainExceptOnCreate`), so that it can be tried again (docs/decisions/0033).

import { RemovalPolicy } from 'aws-cdk-lib';
import type { ZoneDeployment } from './names.ts';

/**
 * Whether AWS refuses to delete it. Not while its stage is made: what is protected can't be taken back by a creation that fails,
 * and nothing is in it yet. The deployment that follows turns protection on.
 */
export const isProtected = ({ stageConfig, creating }: Pick<ZoneDeployment, 'stageConfig' | 'creating'>): boolean =>
  stageConfig.data === 'locked' && creating !== true;

export const removalOf = ({ stageConfig }: Pick<ZoneDeployment, 'stageConfig'>): RemovalPolicy =>
  stageConfig.data === 'locked' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
