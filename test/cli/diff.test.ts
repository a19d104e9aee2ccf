// `strongroom diff`: each kind of change is found in the templates of the reference configuration, the gravest first, and a lost
// resource is an exit code of its own.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesOf, type StackState } from '../../cli/diff/differences.ts';
import { differenceLines } from '../../cli/diff/lines.ts';
import { stateful } from '../../cli/diff/stateful.ts';
import { readAssembly } from '../../lib/cloud_assembly.ts';
import type { Resource, Template } from '../../lib/template.ts';
import { assembly } from '../kit/run.ts';
import { readyAccount, refusedXml, startAwsStub } from './aws_stub.ts';
import { runToEnd, tooWide } from './command_run.ts';

let folder: string;
let all: readonly StackState[];
let stacks: readonly StackState[];
beforeAll(async () => {
  folder = await assembly();
  all = readAssembly(folder);
  stacks = readAssembly(folder).filter(({ group }) => group === 'production-us');
});

type Resources = Record<string, Resource>;

/** The stage with one of its stacks changed. */
function changed(stack: string, change: (resources: Resources) => void): StackState[] {
  return stacks.map((state) => {
    if (state.id !== `production-us/${stack}`) return state;
    const template = structuredClone(state.template) as Template & { Resources: Resources };
    change(template.Resources);
    return { ...state, template };
  });
}

const first = (
  resources: Resources,
  type: string,
  where: (resource: Resource) => boolean = () => true,
): [string, Resource] => {
  const found = Object.entries(resources).find(([, resource]) => resource.Type === type && where(resource));
  if (found === undefined) throw new Error(`the stack has no such ${type}`);
  return found;
};
const edit =
  (type: string, how: (properties: Resource['Properties'], resource: Resource) => void) => (resources: Resources) => {
    const [, resource] = first(resources, type);
    how(resource.Properties, resource);
  };
const remove = (type: string) => (resources: Resources) => {
  delete resources[first(resources, type)[0]];
};

it('new code is a changed function: the version that it publishes, and the alias that follows, say nothing more', () => {
  const release = changed('functions', (resources) => {
    const [id, version] = first(resources, 'AWS::Lambda::Version');
    delete resources[id];
    resources[`${id.slice(0, -32)}${'0'.repeat(32)}`] = version;
    const alias = first(
      resources,
      'AWS::Lambda::Alias',
      ({ Properties }) => Properties.FunctionVersion['Fn::GetAtt'][0] === id,
    )[1];
    alias.Properties.FunctionVersion['Fn::GetAtt'][0] = `${id.slice(0, -32)}${'0'.repeat(32)}`;
  });
  expect(Object.values(differencesOf(stacks, release)).flat()).toEqual([]);
});

it('an alarm that no longer takes new versions back is protection that is lost', () => {
  const without = changed(
    'functions',
    edit('AWS::CodeDeploy::DeploymentGroup', ({ AlarmConfiguration }) => {
      AlarmConfiguration.Alarms = AlarmConfiguration.Alarms.slice(1);
    }),
  );
  expect(differencesOf(stacks, without).unprotected.join()).toMatch(
    /no longer: alarm \S+-gateway-failing takes new versions of \w+ back/,
  );
});

it('nothing differs between a stage and itself', () => {
  const differences = differencesOf(stacks, stacks);
  expect(Object.values(differences).flat()).toEqual([]);
  expect(differenceLines(differences, false)).toEqual(['No resource differs.']);
});

describe('what would be lost', () => {
  it.each<[string, string, (resources: Resources) => void, RegExp]>([
    [
      'a table by its name',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (p) => {
        p.TableName = 'other';
      }),
      /TableName changes: it is replaced, and loses its rows/,
    ],
    [
      'a table by its key',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (p) => {
        p.KeySchema.pop();
      }),
      /KeySchema changes/,
    ],
    [
      'a table that is taken out',
      'data',
      remove('AWS::DynamoDB::GlobalTable'),
      /no longer in the template: it stays behind in AWS/,
    ],
    [
      'a replica',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (p) => {
        p.Replicas = p.Replicas.filter(({ Region }: { Region: string }) => Region !== 'us-east-1');
      }),
      /its replica in us-east-1 is deleted/,
    ],
    [
      'a table that becomes another type',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (_, r) => {
        Object.assign(r, { Type: 'AWS::DynamoDB::Table' });
      }),
      /its type becomes AWS::DynamoDB::Table/,
    ],
    [
      'a key by its regions',
      'keys',
      edit('AWS::KMS::Key', (p) => {
        p.MultiRegion = false;
      }),
      /MultiRegion changes: AWS refuses it/,
    ],
    ['an address', 'network', remove('AWS::EC2::EIP'), /an address that others have on their lists|stays behind/],
    [
      'a log group by its name',
      'functions',
      edit('AWS::Logs::LogGroup', (p) => {
        p.LogGroupName = 'other';
      }),
      /loses its logs/,
    ],
    [
      'a queue by its name',
      'relay',
      edit('AWS::SQS::Queue', (p) => {
        p.QueueName = 'other';
      }),
      /loses its messages/,
    ],
  ])('%s', (_, stack, change, words) => {
    const { losses } = differencesOf(stacks, changed(stack, change));
    expect(losses.map(({ says }) => says).join()).toMatch(words);
    expect(losses).toHaveLength(1);
  });

  it('a secret that would be drawn anew', () => {
    const stack =
      stacks.find(({ template }) => JSON.stringify(template).includes('GenerateSecretString'))?.id.split('/')[1] ?? '';
    const change = edit('AWS::SecretsManager::Secret', (p) => {
      p.GenerateSecretString.PasswordLength = 44;
    });
    expect(differencesOf(stacks, changed(stack, change)).losses).toMatchObject([
      { says: expect.stringContaining('drawn again') },
    ]);
  });

  it('a whole stack that the stage no longer has', () => {
    const without = stacks.filter(({ id }) => id !== 'production-us/data');
    const { losses, removedStacks } = differencesOf(stacks, without);
    expect(removedStacks).toEqual(['production-us/data']);
    expect(losses.length).toBeGreaterThan(5);
  });

  it('and not: what is changed in place, or only moved between sections of the template', () => {
    const change = edit('AWS::DynamoDB::GlobalTable', (p, r) => {
      p.TimeToLiveSpecification = { Enabled: false };
      Object.assign(r, { Properties: Object.fromEntries(Object.entries(p).reverse()) });
    });
    const { losses, changes } = differencesOf(stacks, changed('data', change));
    expect(losses).toEqual([]);
    expect(changes).toEqual([{ type: 'AWS::DynamoDB::GlobalTable', added: 0, changed: 1, removed: 0 }]);
  });
});

describe('the table of what is replaced by which change', () => {
  interface Row {
    readonly cloudFormationType: string;
    readonly properties: Readonly<Record<string, { readonly causesReplacement?: string }>>;
  }
  // Brought by the CDK CLI, from the CloudFormation reference.
  const database = JSON.parse(gunzipSync(readFileSync('node_modules/aws-cdk/db.json.gz')).toString());
  const rows = Object.values<Row>(database.schema.resource.entities);

  it.each(Object.keys(stateful))('%s: as the CloudFormation reference says', (type) => {
    const properties = rows.find(({ cloudFormationType }) => cloudFormationType === type)?.properties ?? {};
    const replacing = Object.keys(properties).filter((name) => properties[name]?.causesReplacement === 'yes');
    expect([...(stateful[type]?.replacedBy ?? [])].sort()).toEqual(replacing.sort());
    for (const name of Object.keys(stateful[type]?.also ?? {})) expect(Object.keys(properties)).toContain(name);
  });

  it('has every type that a locked stage keeps when its stack is deleted', () => {
    const outliving = stacks
      .flatMap(({ template }) => Object.values(template.Resources ?? {}))
      .filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'))
      .map(({ Type }) => Type);
    const unknown = [...new Set(outliving)].filter((type) => stateful[type] === undefined);
    // Made again, they are what they were.
    expect(
      unknown.filter(
        (type) =>
          !['AWS::ApiGateway::Account', 'AWS::IAM::Role', 'AWS::KMS::Alias', 'AWS::S3::BucketPolicy'].includes(type),
      ),
    ).toEqual([]);
  });
});

describe('who may do more', () => {
  const statementOf = (p: Resource['Properties']) => p.Policies[0].PolicyDocument.Statement[0];
  const withPolicy = (how: (statement: Record<string, unknown>) => void) => (resources: Resources) => {
    const [, role] = first(resources, 'AWS::IAM::Role', ({ Properties }) => Properties.Policies?.length > 0);
    how(statementOf(role.Properties));
  };

  it('an action, a wildcard before all others', () => {
    const change = withPolicy((statement) => {
      statement.Action = [statement.Action, 'dynamodb:Scan', 'dynamodb:*'].flat();
    });
    const { rights } = differencesOf(stacks, changed('functions', change));
    expect(rights.length).toBeGreaterThanOrEqual(2);
    expect(rights[0]).toMatchObject({ wildcard: true, says: expect.stringContaining('may dynamodb:*') });
    expect(rights.at(-1)).toMatchObject({ wildcard: false, says: expect.stringContaining('may dynamodb:Scan') });
  });

  it('a resource, a condition that is gone, a denial that is gone', () => {
    const resource = withPolicy((statement) => {
      statement.Resource = '*';
    });
    const { rights: wider } = differencesOf(stacks, changed('functions', resource));
    expect(wider.length).toBeGreaterThan(0);
    for (const right of wider) expect(right).toMatchObject({ wildcard: true });
    const bucket = (how: (statements: Record<string, unknown>[]) => void) =>
      edit('AWS::S3::BucketPolicy', (p) => how(p.PolicyDocument.Statement));
    const denial = bucket((statements) =>
      statements.splice(
        statements.findIndex(({ Effect }) => Effect === 'Deny'),
        1,
      ),
    );
    expect(differencesOf(stacks, changed('relay', denial)).rights[0]?.says).toMatch(/^no longer: .* may not/);
  });

  it('a caller of a function', () => {
    const change = (resources: Resources) => {
      resources.extra = {
        Type: 'AWS::Lambda::Permission',
        Properties: { Principal: '*', Action: 'lambda:InvokeFunction', FunctionName: 'f' },
      };
    };
    expect(differencesOf(stacks, changed('functions', change)).rights).toMatchObject([
      { wildcard: true, says: '* may lambda:InvokeFunction on f' },
    ]);
  });

  it('and not: what is taken away, or written in another order', () => {
    const change = withPolicy((statement) => {
      statement.Action = [statement.Action].flat().slice(0, 1);
    });
    expect(differencesOf(stacks, changed('functions', change)).rights).toEqual([]);
  });
});

describe('what opens, and what protects or watches less', () => {
  it('a connection that is let in or out, a function outside of the VPC', () => {
    const rule = { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
    const group = edit('AWS::EC2::SecurityGroup', (p) => {
      p.SecurityGroupIngress = [rule];
    });
    expect(differencesOf(stacks, changed('network', group)).opened).toEqual([
      expect.stringMatching(/lets in 0\.0\.0\.0\/0 at ports 22 to 22$/),
    ]);
    const outside = edit('AWS::Lambda::Function', (p) => {
      delete p.VpcConfig;
    });
    expect(differencesOf(stacks, changed('functions', outside)).opened).toEqual([
      expect.stringContaining('outside of the VPC'),
    ]);
  });

  it.each<[string, string, (resources: Resources) => void, RegExp]>([
    [
      'deletion protection of a table',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (p) => {
        p.Replicas[0].DeletionProtectionEnabled = false;
      }),
      /can't be deleted/,
    ],
    [
      'continuous backup',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (p) => {
        p.Replicas[0].PointInTimeRecoverySpecification = {};
      }),
      /backed up continuously/,
    ],
    [
      'a deletion policy',
      'data',
      edit('AWS::DynamoDB::GlobalTable', (_, r) => {
        Object.assign(r, { DeletionPolicy: 'Delete' });
      }),
      /outlives its stack/,
    ],
    [
      'rotation of a key',
      'keys',
      edit('AWS::KMS::Key', (p) => {
        p.EnableKeyRotation = false;
      }),
      /rotates/,
    ],
    [
      'a rule of the web ACL',
      'edge',
      edit('AWS::WAFv2::WebACL', (p) => {
        p.Rules.shift();
      }),
      /rule .* of web ACL/,
    ],
    ['the web ACL itself', 'api', remove('AWS::WAFv2::WebACLAssociation'), /a web ACL stands before/],
    [
      'how long logs are kept',
      'functions',
      edit('AWS::Logs::LogGroup', (p) => {
        p.RetentionInDays = 1;
      }),
      /deleted after 1 days, not \d+/,
    ],
    ['an endpoint', 'network', remove('AWS::EC2::VPCEndpoint'), /endpoint of/],
  ])('%s', (_, stack, change, words) => {
    const { unprotected } = differencesOf(stacks, changed(stack, change));
    expect(unprotected).toEqual([expect.stringMatching(words)]);
  });

  it('a stack that may be deleted', () => {
    const open = stacks.map((stack) => ({ ...stack, terminationProtection: false }));
    expect(differencesOf(stacks, open).unprotected).toHaveLength(stacks.filter((s) => s.terminationProtection).length);
  });

  it('an alarm that is gone, or that notifies nobody; one that moved to another stack is there', () => {
    expect(differencesOf(stacks, changed('watch', remove('AWS::CloudWatch::Alarm'))).unwatched).toHaveLength(1);
    const silent = (resources: Resources) => {
      const [, alarm] = first(resources, 'AWS::CloudWatch::CompositeAlarm');
      alarm.Properties.ActionsEnabled = false;
    };
    expect(differencesOf(stacks, changed('watch', silent)).unwatched).toEqual([expect.stringMatching(/notifies$/)]);
    let moved: Resource | undefined;
    const out = changed('watch', (resources) => {
      const [id, alarm] = first(resources, 'AWS::CloudWatch::Alarm');
      moved = alarm;
      delete resources[id];
    });
    const elsewhere = out.map((state) =>
      state.id === 'production-us/relay' && moved !== undefined
        ? { ...state, template: { ...state.template, Resources: { ...state.template.Resources, moved } } }
        : state,
    );
    expect(differencesOf(stacks, elsewhere).unwatched).toEqual([]);
  });

  it('what becomes dearer or cheaper', () => {
    const { costs } = differencesOf(stacks, changed('network', remove('AWS::EC2::NatGateway')));
    expect(costs).toEqual([{ what: 'NAT gateways', dollars: expect.closeTo(-32.85) }]);
  });
});

describe('the command', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'strongroom-diff-'));
    cpSync(folder, copy, { recursive: true, filter: (path) => !/asset\.|\.lock$/.test(path) });
    const zone = join(copy, 'assembly-production-us');
    const file = join(zone, readdirSync(zone).find((name) => /^productionusdata.*\.template\.json$/.test(name)) ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"strongroom-production-us-payments"', '"renamed"'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('ends with 2 where something would be lost, and says so last', async () => {
    const { code, output, errors } = await runToEnd(['diff', 'production', '--against', folder, '--assembly', copy]);
    expect(code).toBe(2);
    expect(output).toMatch(/^LOST/);
    expect(errors).toMatch(/would lose what a resource holds/);
    expect([...tooWide(output), ...tooWide(errors)]).toEqual([]);
  });

  it('ends with 0 where nothing would be', async () => {
    const { code, output } = await runToEnd(['diff', 'production', '--against', folder, '--assembly', folder]);
    expect([code, output.trim()]).toEqual([0, 'No resource differs.']);
  });

  const deployed = async (answer: Parameters<typeof startAwsStub>[0][string], stage = 'development') => {
    const stub = await startAwsStub({
      ...readyAccount,
      'cloudformation GetTemplate': answer ?? '',
      'cloudformation DescribeStacks': '<EnableTerminationProtection>false</EnableTerminationProtection>',
    });
    try {
      const environment = {
        AWS_ACCESS_KEY_ID: 'AKIA',
        AWS_SECRET_ACCESS_KEY: 'secret',
        STRONGROOM_ENDPOINT: stub.endpoint,
      };
      return await runToEnd(['diff', stage, '--assembly', folder], { environment });
    } finally {
      await stub.close();
    }
  };

  it('compares with what is deployed, whose templates come as text in XML', async () => {
    const { code, output } = await deployed(({ region, body }) => {
      const name = new URLSearchParams(body).get('StackName');
      const stack = all.find((each) => each.region === region && `strongroom-${each.id.replace('/', '-')}` === name);
      const text = JSON.stringify(stack?.template)
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('"', '&quot;');
      return `<GetTemplateResponse><TemplateBody>${text}</TemplateBody></GetTemplateResponse>`;
    });
    expect([code, output.trim()]).toEqual([0, 'No resource differs.']);
  });

  it('says that nothing is deployed yet', async () => {
    const { code, output } = await deployed(refusedXml('ValidationError'));
    expect(code).toBe(0);
    expect(output).toMatch(/Nothing of development is deployed: all \d+ stacks are new/);
  });

  it('compares nothing where one template can not be read', async () => {
    const { code, output, errors } = await deployed(refusedXml('AccessDenied'));
    expect([code, output]).toEqual([1, '']);
    expect(errors).toMatch(/can't be read \(AccessDenied\): nothing was compared/);
  });

  it('needs credentials or a folder', async () => {
    expect((await runToEnd(['diff', 'production', '--assembly', folder])).errors).toMatch(/no AWS credentials/);
    expect((await runToEnd(['diff', 'production', '--against', 'docs', '--assembly', folder])).errors).toMatch(
      /no cloud assembly in docs/,
    );
  });
});
