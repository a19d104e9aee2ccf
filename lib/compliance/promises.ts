// Which promise a finding of a published pack touches: those packs know frameworks, not our promises. A type that has no
// row touches HST-2 alone, which every finding does.

const promisesOf: readonly (readonly [prefix: string, promises: readonly string[]])[] = [
  ['AWS::ApiGateway::', ['API-1', 'NET-3']],
  ['AWS::CloudWatch::', ['SLO-2']],
  ['AWS::DynamoDB::', ['BCK-1', 'ENC-1']],
  ['AWS::EC2::', ['NET-1']],
  ['AWS::Events::', ['AUD-4', 'ENC-1']],
  ['AWS::IAM::', ['NET-1', 'IAM-1']],
  ['AWS::KMS::', ['ENC-1']],
  ['AWS::Lambda::', ['NET-1', 'HST-3']],
  ['AWS::Logs::', ['AUD-4', 'ENC-1']],
  ['AWS::S3::', ['ENC-1', 'AUD-2']],
  ['AWS::SNS::', ['ENC-1', 'SLO-2']],
  ['AWS::SQS::', ['ENC-1', 'WHK-2']],
  ['AWS::SecretsManager::', ['SEC-1']],
  ['AWS::WAFv2::', ['NET-2']],
];

export const promisesTouched = (type: string): readonly string[] =>
  promisesOf.find(([prefix]) => type.startsWith(prefix))?.[1] ?? ['HST-2'];
