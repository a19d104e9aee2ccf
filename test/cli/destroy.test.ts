// `strongroom destroy`: what is locked is refused with its locks, what is disposable is deleted in reverse once its name was typed,
// and what stays is said before.

import { beforeAll, describe, expect, it } from 'vitest';
import { createAws } from '../../cli/aws/client.ts';
import { destroyStacks } from '../../cli/destroy/destroy.ts';
import { type DeployedStack, locksOf } from '../../cli/destroy/locks.ts';
import { remainsOf } from '../../cli/destroy/remains.ts';
import { type AssembledStack, readAssembly } from '../../lib/cloud_assembly.ts';
import { assembly } from '../kit/run.ts';
import { type Answers, type Asked, readyAccount, refusedXml, startAwsStub } from './aws_stub.ts';
import { runToEnd, tooWide } from './command_run.ts';

let folder: string;
let all: readonly AssembledStack[];
beforeAll(async () => {
  folder = await assembly();
  all = readAssembly(folder);
});
const deployed = (group: string, protectedStacks = true): DeployedStack[] =>
  all
    .filter((stack) => stack.group === group)
    .map((stack) => ({ ...stack, protected: protectedStacks && stack.terminationProtection }));

describe('locks', () => {
  const locks = async (stacks: readonly DeployedStack[], answers: Answers = {}) => {
    const stub = await startAwsStub(answers);
    try {
      return await locksOf(createAws({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }, stub.endpoint), stacks);
    } finally {
      await stub.close();
    }
  };

  it('of a locked stage: each stack and each table by name', async () => {
    const stacks = deployed('production-us');
    const found = (await locks(stacks)).map(({ what }) => what);
    for (const { name } of stacks.filter((stack) => stack.protected))
      expect(found).toContain(`stack ${name} in us-east-1: termination protection`);
    expect(found).toContain('table strongroom-production-us-payments in us-east-1: deletion protection');
  });

  it('of a disposable stage: none', async () => {
    expect(await locks(deployed('development-us'))).toEqual([]);
  });

  const vault: DeployedStack = {
    ...{ id: 'x/recovery', name: 'x-recovery', region: 'us-east-1', protected: false },
    template: {
      Resources: {
        vault: {
          Type: 'AWS::Backup::BackupVault',
          Properties: { BackupVaultName: 'v', LockConfiguration: { MinRetentionDays: 35 } },
        },
      },
    },
  };
  const [lockDate, deleteAt] = [Date.UTC(2026, 11, 4) / 1000, Date.UTC(2027, 0, 5) / 1000];

  it('of a vault: the day from which nobody can take it off, and the day on which its last backup may go', async () => {
    const found = await locks([vault], {
      'backup /backup-vaults/v/': { Locked: true, LockDate: lockDate, NumberOfRecoveryPoints: 2 },
      'backup /backup-vaults/v/recovery-points/': {
        RecoveryPoints: [
          { CalculatedLifecycle: { DeleteAt: deleteAt } },
          { CalculatedLifecycle: { DeleteAt: lockDate } },
          {},
        ],
      },
    });
    expect(found).toEqual([
      {
        what: "vault v in us-east-1: its lock, and can't be taken off from 2026-12-04 on",
        until: '2027-01-05, when its last backup may be deleted',
      },
    ]);
  });

  it('of a vault that can not be asked is a lock all the same', async () => {
    expect(await locks([vault])).toEqual([
      { what: 'vault v in us-east-1: its lock', until: expect.stringMatching(/^unknown/) },
    ]);
  });
});

describe('what stays', () => {
  it('keys that wait to be deleted, with the day; what the account has once', () => {
    const remains = remainsOf(deployed('development-us'), new Date(Date.UTC(2026, 11, 1)));
    expect(remains).toContainEqual(
      expect.stringMatching(/^4 KMS keys wait \d+ days to be deleted, until 2026-12-\d\d/),
    );
    expect(remains.at(-1)).toContain('CDKToolkit');
  });

  it('every resource that outlives its stack, by name', () => {
    const outliving = deployed('production-us').flatMap(({ template }) =>
      Object.values(template.Resources ?? {}).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain')),
    );
    const remains = remainsOf(deployed('production-us'), new Date());
    expect(remains.length).toBeGreaterThanOrEqual(outliving.length);
    expect(remains).toContainEqual(
      expect.stringContaining('AWS::DynamoDB::GlobalTable strongroom-production-us-payments'),
    );
  });
});

describe('deleting', () => {
  it('takes each stack before those that it depends on, and stops at the first that stays', async () => {
    const stacks = deployed('development-us');
    const calls: (readonly string[])[] = [];
    const cdk = (failing?: string) => async (args: readonly string[]) => {
      calls.push(args);
      return args.at(-1) === failing ? 1 : 0;
    };
    const say = () => undefined;
    const isGone = async () => true;
    await destroyStacks('development', stacks, folder, { cdk: cdk(), say, isGone });
    expect(calls.map((args) => args.at(-1))).toEqual(stacks.map(({ id }) => id).reverse());
    for (const args of calls) expect(args).toEqual(expect.arrayContaining(['destroy', '--exclusively', '--force']));
    calls.length = 0;
    const failing = stacks.at(-2)?.id;
    await expect(destroyStacks('development', stacks, folder, { cdk: cdk(failing), say, isGone })).rejects.toThrow(
      /was not deleted/,
    );
    expect(calls).toHaveLength(2);
    calls.length = 0;
    const stays = { cdk: cdk(), say, isGone: async () => false };
    await expect(destroyStacks('development', stacks, folder, stays)).rejects.toThrow(/0 of \d+ stacks are gone/);
    expect(calls).toHaveLength(1);
  });
});

describe('the command', () => {
  /** As CloudFormation would answer if the assembly were deployed. */
  const templates = ({ region, body }: Asked) => {
    const name = new URLSearchParams(body).get('StackName');
    const stack = all.find((each) => each.region === region && each.name === name);
    const text = JSON.stringify(stack?.template).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<TemplateBody>${text}</TemplateBody>`;
  };
  const destroy = async (args: readonly string[], typed = '', answers: Answers = {}) => {
    const stub = await startAwsStub({
      ...readyAccount,
      'cloudformation GetTemplate': templates,
      'cloudformation DescribeStacks': '<EnableTerminationProtection>false</EnableTerminationProtection>',
      ...answers,
    });
    const environment = {
      ...{ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' },
      ...{ STRONGROOM_ENDPOINT: stub.endpoint, AWS_ENDPOINT_URL: stub.endpoint },
    };
    try {
      const ended = await runToEnd(['destroy', ...args, '--assembly', folder], { environment, typed });
      return { ...ended, deletes: stub.asked.filter(({ what }) => /Delete/.test(what)) };
    } finally {
      await stub.close();
    }
  };

  it('refuses a locked stage even where its name is typed, and names its locks', async () => {
    const { code, errors, deletes } = await destroy(['production', '--confirm', 'production'], '', {
      'cloudformation DescribeStacks': '<EnableTerminationProtection>true</EnableTerminationProtection>',
    });
    expect(code).toBe(1);
    expect(errors).toContain('Nothing was deleted. production is locked');
    expect(errors).toContain('stack strongroom-production-us-keys in us-east-1: termination');
    expect([tooWide(errors), deletes]).toEqual([[], []]);
  });

  it('refuses a disposable stage whose stacks are still protected in AWS', async () => {
    const { code, errors } = await destroy(['development', '--confirm', 'development'], '', {
      'cloudformation DescribeStacks': '<EnableTerminationProtection>true</EnableTerminationProtection>',
    });
    expect(code).toBe(1);
    expect(errors).toMatch(/what\s+is deployed is still protected/);
  });

  it.each(['', 'yes\n', 'Development\n', 'production\n'])('deletes nothing where %j is typed', async (typed) => {
    const { code, output, errors, deletes } = await destroy(['development', '--zone', 'us'], typed);
    expect(output).toContain('Deletes development and all that it holds');
    expect([code, errors.trim(), deletes]).toEqual([1, 'Nothing was deleted.', []]);
  });

  it('hands over to the CDK CLI once the stage’s name is typed', async () => {
    const { output, errors } = await destroy(['development', '--zone', 'us'], 'development\n');
    expect(output).toMatch(/1 of \d+: development-us\/watch/);
    // The stub has every stack for ever, whatever the CDK CLI says.
    expect(errors).toContain('development-us/watch was not deleted');
  });

  it('says that nothing is deployed', async () => {
    const { code, output } = await destroy(['development'], '', {
      'cloudformation GetTemplate': refusedXml('ValidationError'),
    });
    expect([code, output.trim()]).toEqual([0, 'Nothing of development is deployed.']);
  });
});
