// Weaknesses in who may do what: policies of resources and roles, trust, permissions and keys.

import type { Json } from '../../lib/evidence/template.ts';
import { joined, type Planting } from './planting.ts';

export interface Plant {
  readonly what: string;
  readonly plant: (planting: Planting) => void;
  /** In what a rule says of it. */
  readonly says: RegExp;
}

export const elsewhere = '111122223333';
export const foreignRoot = `arn:aws:iam::${elsewhere}:root`;
const accountId = { Ref: 'AWS::AccountId' };
const ownRoot = joined('arn:aws:iam::', accountId, ':root');
const ofOrganization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
const forAccount = { StringEquals: { 'aws:SourceAccount': accountId } };

const allow = (Action: Json, Resource: Json, more: object = {}): Json => ({
  Sid: 'Planted',
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const statements = (properties: Json): Json[] => (properties.PolicyDocument ?? properties.KeyPolicy).Statement;
/** Statements of a role's one policy. */
const granted = (planting: Planting, role: string): Json[] => planting.at(role).Policies[0].PolicyDocument.Statement;
const table = (name: string): Json =>
  joined('arn:aws:dynamodb:us-east-1:', accountId, `:table/strongroom-production-us-${name}`);
const secret = (name: string): Json => joined('arn:aws:secretsmanager:us-east-1:', accountId, `:secret:${name}`);
const called = (name: string): Json =>
  joined('arn:aws:lambda:us-east-1:', accountId, `:function:strongroom-production-us-${name}`);
const role = (service: string, statement: Json): Json => ({
  RoleName: 'strongroom-production-us-east-1-extra',
  AssumeRolePolicyDocument: {
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  },
  Policies: [{ PolicyName: 'row', PolicyDocument: { Statement: [statement] } }],
});
const inReplica = (properties: Json, change: object): void => {
  for (const replica of properties.Replicas) Object.assign(replica, change);
};

const resourcePolicies: readonly Plant[] = [
  {
    what: 'a queue for another account',
    plant: (p) =>
      statements(p.at('relay/deliveries-policy')).push(
        allow('sqs:ReceiveMessage', '*', { Principal: { AWS: foreignRoot } }),
      ),
    says: /deliveries-policy: .*ReceiveMessage/,
  },
  {
    what: 'a queue for an organization',
    plant: (p) =>
      statements(p.at('relay/deliveries-policy')).push(
        allow('sqs:SendMessage', '*', { Principal: '*', Condition: ofOrganization }),
      ),
    says: /deliveries-policy: .*SendMessage/,
  },
  {
    what: 'a queue for everybody of its own account',
    plant: (p) =>
      statements(p.at('relay/deliveries-policy')).push(
        allow('sqs:ReceiveMessage', '*', { Principal: { AWS: ownRoot } }),
      ),
    says: /deliveries-policy: .*ReceiveMessage/,
  },
  {
    what: 'a second policy of a queue',
    plant: (p) =>
      p.add('relay', 'second', 'AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: 'deliveries' }],
        PolicyDocument: {
          Statement: [
            statements(p.at('relay/deliveries-policy'))[0],
            allow('sqs:ReceiveMessage', '*', { Principal: { AWS: ownRoot } }),
          ],
        },
      }),
    says: /relay\/second: .*ReceiveMessage/,
  },
  {
    what: 'a bucket for another account',
    plant: (p) =>
      statements(p.at('relay/failed-stream-records/Policy')).push(
        allow('s3:GetObject', '*', { Principal: { AWS: foreignRoot } }),
      ),
    says: /Policy: .*GetObject/,
  },
  {
    what: 'a bucket for an organization',
    plant: (p) =>
      statements(p.at('relay/failed-stream-records/Policy')).push(
        allow('s3:GetObject', '*', { Principal: { AWS: '*' }, Condition: ofOrganization }),
      ),
    says: /Policy: .*GetObject/,
  },
  {
    what: 'a bucket for a service of its own account',
    plant: (p) =>
      statements(p.at('relay/failed-stream-records/Policy')).push(
        allow('s3:PutObject', '*', { Principal: { Service: 'logging.s3.amazonaws.com' }, Condition: forAccount }),
      ),
    says: /Policy: .*PutObject/,
  },
  {
    what: 'a bucket that takes requests without TLS',
    plant: (p) => statements(p.at('relay/failed-stream-records/Policy')).splice(0, 1),
    says: /failed-stream-records\/Policy/,
  },
  {
    what: 'a key for another account',
    plant: (p) =>
      statements(p.at('keys/key-tenant')).push(allow('kms:Decrypt', '*', { Principal: { AWS: foreignRoot } })),
    says: /key-tenant: .*Decrypt/,
  },
  {
    what: 'a key for an organization',
    plant: (p) =>
      statements(p.at('keys/key-tenant')).push(
        allow('kms:Decrypt', '*', { Principal: { AWS: '*' }, Condition: ofOrganization }),
      ),
    says: /key-tenant: .*Decrypt/,
  },
  {
    what: 'a key for whoever the account lets',
    plant: (p) =>
      statements(p.at('keys/key-pii')).push(
        allow('kms:Decrypt', '*', {
          Principal: { AWS: ownRoot },
          Condition: { StringEquals: { 'kms:CallerAccount': accountId } },
        }),
      ),
    says: /key-pii: .*Decrypt/,
  },
  {
    what: 'a key for a function whose row does not name it',
    plant: (p) => {
      const own = statements(p.at('keys/key-tenant')).find(({ Sid }) => Sid === 'DecryptByFunctions');
      own.Condition.ArnEquals['aws:PrincipalArn'].push(
        joined('arn:aws:iam::', accountId, ':role/strongroom-production-us-east-1-docs'),
      );
    },
    says: /key-tenant: .*east-1-docs/,
  },
  {
    what: 'a key whose use a service may grant on',
    plant: (p) =>
      statements(p.at('keys/key-tenant')).push(
        allow('kms:CreateGrant', '*', {
          Principal: { AWS: ownRoot },
          Condition: { StringEquals: { 'kms:ViaService': 'rds.us-east-1.amazonaws.com' } },
        }),
      ),
    says: /key-tenant: .*CreateGrant/,
  },
  {
    what: 'a table for another account',
    plant: (p) =>
      inReplica(p.at('data/payments'), {
        ResourcePolicy: {
          PolicyDocument: { Statement: [allow('dynamodb:GetItem', '*', { Principal: { AWS: foreignRoot } })] },
        },
      }),
    says: /data\/payments: .*GetItem|data\/payments: Planted/,
  },
  {
    what: 'a table for an organization',
    plant: (p) =>
      inReplica(p.at('data/payments'), {
        ResourcePolicy: {
          PolicyDocument: {
            Statement: [allow('dynamodb:Query', '*', { Principal: '*', Condition: ofOrganization })],
          },
        },
      }),
    says: /data\/payments: .*(Query|Planted)/,
  },
  {
    what: 'a table for everybody of its own account',
    plant: (p) =>
      inReplica(p.at('data/payments'), {
        ResourcePolicy: {
          PolicyDocument: { Statement: [allow('dynamodb:GetItem', '*', { Principal: { AWS: ownRoot } })] },
        },
      }),
    says: /data\/payments: .*GetItem/,
  },
  {
    what: 'a table’s stream for another account',
    plant: (p) =>
      inReplica(p.at('data/audit'), {
        ReplicaStreamSpecification: {
          ResourcePolicy: {
            PolicyDocument: { Statement: [allow('dynamodb:GetRecords', '*', { Principal: { AWS: foreignRoot } })] },
          },
        },
      }),
    says: /data\/audit: .*(GetRecords|Planted)/,
  },
  {
    what: 'a secret for another account',
    plant: (p) =>
      p.add('keys', 'opened', 'AWS::SecretsManager::ResourcePolicy', {
        SecretId: { Ref: 'secretpeppers6E52AD90' },
        ResourcePolicy: {
          Statement: [allow('secretsmanager:GetSecretValue', '*', { Principal: { AWS: foreignRoot } })],
        },
      }),
    says: /keys\/opened: .*(GetSecretValue|Planted)/,
  },
  {
    what: 'a secret for everybody of its own account',
    plant: (p) =>
      p.add('keys', 'opened', 'AWS::SecretsManager::ResourcePolicy', {
        SecretId: { Ref: 'secretpeppers6E52AD90' },
        ResourcePolicy: { Statement: [allow('secretsmanager:GetSecretValue', '*', { Principal: { AWS: ownRoot } })] },
      }),
    says: /keys\/opened: .*GetSecretValue/,
  },
  {
    what: 'a topic for another service',
    plant: (p) =>
      statements(p.at('watch/operations/Policy')).push(
        allow('sns:Subscribe', '*', { Principal: { Service: 'events.amazonaws.com' }, Condition: forAccount }),
      ),
    says: /operations\/Policy: .*Subscribe/,
  },
  {
    what: 'a bus for another account',
    plant: (p) =>
      p.add('relay', 'opened', 'AWS::Events::EventBusPolicy', {
        EventBusName: 'strongroom-production-us',
        StatementId: 'x',
        Action: 'events:PutEvents',
        Principal: elsewhere,
      }),
    says: /relay\/(opened|bus)/,
  },
  {
    what: 'logs that another service may write',
    plant: (p) =>
      p.add('edge', 'opened', 'AWS::Logs::ResourcePolicy', {
        PolicyName: 'opened',
        PolicyDocument: JSON.stringify({
          Statement: [
            allow('logs:PutLogEvents', '*', {
              Principal: { Service: 'es.amazonaws.com' },
              Condition: { StringEquals: { 'aws:SourceAccount': '<account>' } },
            }),
          ],
        }),
      }),
    says: /edge\/opened: .*PutLogEvents/,
  },
  {
    what: 'an endpoint that lets another account through',
    plant: (p) => {
      statements(p.at('network/dynamodb-endpoint'))[0].Condition.StringEquals['aws:PrincipalAccount'] = elsewhere;
    },
    says: /dynamodb-endpoint: /,
  },
  {
    what: 'an endpoint that lets one more action through',
    plant: (p) => statements(p.at('network/dynamodb-endpoint'))[0].Action.push('dynamodb:ExportTableToPointInTime'),
    says: /dynamodb-endpoint: .*ExportTableToPointInTime/,
  },
  {
    what: 'an API with a policy of its own',
    plant: (p) => {
      p.at('api/api').Policy = {
        Statement: [allow('execute-api:Invoke', '*', { Principal: { AWS: ownRoot } })],
      };
    },
    says: /api\/api: /,
  },
];

const permissions: readonly Plant[] = [
  {
    what: 'a function called by another account',
    plant: (p) => {
      p.at('api/money-called-by-api').Principal = elsewhere;
    },
    says: /money-called-by-api: .*111122223333/,
  },
  {
    what: 'a function called for another account',
    plant: (p) => {
      p.at('api/money-called-by-api').SourceAccount = elsewhere;
    },
    says: /money-called-by-api: /,
  },
  {
    what: 'a function called for an organization',
    plant: (p) => {
      p.at('api/money-called-by-api').PrincipalOrgID = 'o-a1b2c3d4e5';
    },
    says: /money-called-by-api: /,
  },
  {
    what: 'a function called by a rule that nobody declared',
    plant: (p) =>
      p.add('functions', 'called', 'AWS::Lambda::Permission', {
        Action: 'lambda:InvokeFunction',
        FunctionName: called('money'),
        Principal: 'events.amazonaws.com',
        SourceArn: joined('arn:aws:events:us-east-1:', accountId, ':rule/mine'),
      }),
    says: /functions\/called: .*rule\/mine/,
  },
  {
    what: 'a function that no row puts behind the API, called by it',
    plant: (p) => {
      p.at('api/money-called-by-api').FunctionName = called('rewrapper');
    },
    says: /money-called-by-api: .*rewrapper/,
  },
  {
    what: 'a function with a URL',
    plant: (p) =>
      p.add('functions', 'url', 'AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: called('money') }),
    says: /functions\/url/,
  },
  {
    what: 'a layer for another account',
    plant: (p) =>
      p.add('functions', 'layer', 'AWS::Lambda::LayerVersionPermission', {
        Action: 'lambda:GetLayerVersion',
        LayerVersionArn: 'arn:aws:lambda:us-east-1:000000000000:layer:x:1',
        Principal: elsewhere,
      }),
    says: /functions\/layer/,
  },
];

const roles: readonly Plant[] = [
  {
    what: 'a role with every secret',
    plant: (p) => granted(p, 'functions/docs-role').push(allow('secretsmanager:GetSecretValue', secret('*'))),
    says: /docs-role: .*GetSecretValue/,
  },
  {
    what: 'a role with one secret more',
    plant: (p) =>
      granted(p, 'functions/docs-role').push(
        allow('secretsmanager:GetSecretValue', secret('strongroom-production-us-peppers-a1b2c3')),
      ),
    says: /docs-role: .*GetSecretValue/,
  },
  {
    what: 'a role that assumes one of another account',
    plant: (p) =>
      granted(p, 'functions/money-role').push(allow('sts:AssumeRole', `arn:aws:iam::${elsewhere}:role/vendor`)),
    says: /money-role: .*AssumeRole/,
  },
  {
    what: 'a role that assumes one of its own account',
    plant: (p) =>
      granted(p, 'functions/money-role').push(
        allow('sts:AssumeRole', joined('arn:aws:iam::', accountId, ':role/admin')),
      ),
    says: /money-role: .*AssumeRole/,
  },
  {
    what: 'a role that deletes the audit table',
    plant: (p) => granted(p, 'functions/relay-role').push(allow('dynamodb:DeleteTable', table('audit'))),
    says: /relay-role: .*DeleteTable/,
  },
  {
    what: 'a role that writes a table of no row of its own',
    plant: (p) => granted(p, 'functions/docs-role').push(allow('dynamodb:PutItem', table('payments'))),
    says: /docs-role: .*PutItem/,
  },
  {
    what: 'one more verb on a table of its row',
    plant: (p) => {
      const statement = granted(p, 'functions/relay-role').find(({ Sid }) => Sid === 'WebhooksGetItem');
      statement.Action = [statement.Action, 'dynamodb:DeleteItem'].flat();
    },
    says: /relay-role: .*DeleteItem/,
  },
  {
    what: 'a statement without the condition of its row',
    plant: (p) => {
      for (const statement of granted(p, 'functions/authorizer-role')) delete statement.Condition;
    },
    says: /authorizer-role: /,
  },
  {
    what: 'rows of one kind more',
    plant: (p) => {
      const [first] = granted(p, 'functions/tenants-role').filter(({ Condition }) =>
        JSON.stringify(Condition ?? {}).includes('LeadingKeys'),
      );
      first.Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys'] = ['*'];
    },
    says: /tenants-role: /,
  },
  {
    what: 'a key that the row does not name',
    plant: (p) => {
      const key = granted(p, 'functions/money-role').find(({ Sid }) => Sid === 'TenantKey').Resource;
      granted(p, 'functions/docs-role').push(allow('kms:Decrypt', key));
    },
    says: /docs-role: .*Decrypt/,
  },
  {
    what: 'an action in another spelling',
    plant: (p) => granted(p, 'functions/docs-role').push(allow('DynamoDB:putitem', table('payments'))),
    says: /docs-role: .*putitem/i,
  },
  {
    what: 'everything but one action',
    plant: (p) => granted(p, 'functions/docs-role').push({ ...allow(undefined, '*'), NotAction: ['iam:*'] }),
    says: /docs-role: .*NotAction/,
  },
  {
    what: 'a role that is passed on',
    plant: (p) =>
      granted(p, 'functions/docs-role').push(allow('iam:PassRole', joined('arn:aws:iam::', accountId, ':role/x'))),
    says: /docs-role: .*PassRole/,
  },
  {
    what: 'a denial turned into a grant',
    plant: (p) => {
      granted(p, 'functions/docs-role').find(({ Effect }) => Effect === 'Deny').Effect = 'Allow';
    },
    says: /docs-role: /,
  },
  {
    what: 'a denial that is gone',
    plant: (p) => {
      const all = granted(p, 'functions/docs-role');
      all.splice(
        all.findIndex(({ Effect }) => Effect === 'Deny'),
        1,
      );
    },
    says: /docs-role: /,
  },
  {
    what: 'a second policy inside a role',
    plant: (p) =>
      p.at('functions/docs-role').Policies.push({
        PolicyName: 'more',
        PolicyDocument: { Statement: [allow('dynamodb:Scan', table('payments'))] },
      }),
    says: /docs-role: .*Scan/,
  },
  {
    what: 'a managed policy',
    plant: (p) => {
      p.at('functions/docs-role').ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    },
    says: /docs-role: .*AdministratorAccess/,
  },
  {
    what: 'a policy beside a role',
    plant: (p) =>
      p.add('functions', 'beside', 'AWS::IAM::Policy', {
        PolicyName: 'beside',
        Roles: ['strongroom-production-us-east-1-docs'],
        PolicyDocument: { Statement: [allow('dynamodb:GetItem', table('payments'))] },
      }),
    says: /functions\/beside: .*GetItem/,
  },
  {
    what: 'a managed policy of our own',
    plant: (p) =>
      p.add('functions', 'beside', 'AWS::IAM::ManagedPolicy', {
        PolicyDocument: { Statement: [allow('dynamodb:GetItem', table('payments'))] },
      }),
    says: /functions\/beside: .*GetItem/,
  },
  {
    what: 'a role policy of its own type',
    plant: (p) =>
      p.add('functions', 'beside', 'AWS::IAM::RolePolicy', {
        PolicyName: 'beside',
        RoleName: 'strongroom-production-us-east-1-docs',
        PolicyDocument: { Statement: [allow('dynamodb:GetItem', table('payments'))] },
      }),
    says: /functions\/beside/,
  },
  {
    what: 'a role that another account assumes',
    plant: (p) =>
      p.at('functions/docs-role').AssumeRolePolicyDocument.Statement.push({
        Effect: 'Allow',
        Principal: { AWS: foreignRoot },
        Action: 'sts:AssumeRole',
      }),
    says: /docs-role: .*111122223333/,
  },
  {
    what: 'a role that another service assumes',
    plant: (p) => {
      p.at('functions/docs-role').AssumeRolePolicyDocument.Statement[0].Principal.Service = 'ec2.amazonaws.com';
    },
    says: /docs-role: .*ec2/,
  },
  {
    what: 'a role of no function',
    plant: (p) =>
      p.add(
        'functions',
        'extra-role',
        'AWS::IAM::Role',
        role('lambda.amazonaws.com', allow('dynamodb:GetItem', table('payments'))),
      ),
    says: /functions\/extra-role: /,
  },
  {
    what: 'a schedule’s role that starts another function',
    plant: (p) => {
      granted(p, 'functions/dispatcher-schedule-role')[0].Resource = called('money');
    },
    says: /dispatcher-schedule-role: .*money/,
  },
  {
    what: 'a gateway’s role that does more than write logs',
    plant: (p) => granted(p, 'account/gateway-logs-role').push(allow('dynamodb:GetItem', table('payments'))),
    says: /gateway-logs-role: .*GetItem/,
  },
  {
    what: 'a user with an access key',
    plant: (p) => {
      p.add('keys', 'someone', 'AWS::IAM::User', { UserName: 'someone' });
      p.add('keys', 'someones-key', 'AWS::IAM::AccessKey', { UserName: 'someone' });
    },
    says: /keys\/someones-key/,
  },
  {
    what: 'an identity provider',
    plant: (p) =>
      p.add('keys', 'provider', 'AWS::IAM::OIDCProvider', {
        Url: 'https://token.actions.githubusercontent.com',
        ClientIdList: ['sts.amazonaws.com'],
      }),
    says: /keys\/provider/,
  },
];

export const plantsOfGrants: readonly Plant[] = [...resourcePolicies, ...permissions, ...roles];
