// Takes a step of a rotation from Secrets Manager. It refuses a step for a secret that is not ours, or for a version that does
// not wait; a step that is done already is done. A failure is logged with its step and our own words, never with a value.

import * as v from 'valibot';
import { type PlatformSecretName, platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { Defect, defectOf } from '../../kernel/domain/refusal.ts';
import { type RotatorPlatform, type Step, steps } from './rotate.ts';
import { current, pending, stagesOf } from './secret.ts';

/** AWS Secrets Manager user guide, "Rotation by Lambda function", read 2026-11. */
const Asked = v.object({
  Step: v.picklist(['createSecret', 'setSecret', 'testSecret', 'finishSecret'] satisfies Step[]),
  SecretId: v.string(),
  ClientRequestToken: v.string(),
});

export type RotatorHandler = (
  event: unknown,
  context: { readonly getRemainingTimeInMillis: () => number },
) => Promise<void>;

const names = Object.keys(platformSecrets) as PlatformSecretName[];

export const rotator =
  (platform: RotatorPlatform): RotatorHandler =>
  async (event, context) => {
    const parsed = v.safeParse(Asked, event);
    const { Step: step, SecretId: secretId, ClientRequestToken: token } = parsed.success ? parsed.output : unreadable;
    const name = names.find((each) => platform.config.secret(each) === secretId);
    try {
      if (!parsed.success || name === undefined) throw new Defect('it is no step of a rotation of ours');
      const stages = await stagesOf(platform, secretId, token);
      if (stages.includes(current)) return;
      if (!stages.includes(pending)) throw new Defect('no such version waits to become the current one');
      const remainingMs = () => context.getRemainingTimeInMillis();
      await steps[parsed.output.Step](platform, { name, secretId, token, remainingMs });
    } catch (error) {
      platform.log('rotation_failed', {
        operation: step,
        ...(name !== undefined && { object: name }),
        defect: defectOf(error),
      });
      // Lambda would print a service's own words.
      throw new Error('the step failed');
    }
  };

const unreadable = { Step: 'unreadable', SecretId: '', ClientRequestToken: '' } as const;
