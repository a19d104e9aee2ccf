// The tags of a resource: whose it is, and how sensitive what it holds is. By the first two a bill is split, once they are
// activated as cost allocation tags; by the third an auditor finds what to look at.

import { CfnResource, type IAspect, Stack, TagManager } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { queues, tables } from '../../contract/capabilities.ts';
import { type DataClass, mostSensitive } from '../../contract/kernel/data_class.ts';
import { nameOf } from '../evidence/template.ts';

export const tagKeys = {
  stage: 'strongroom:stage',
  zone: 'strongroom:zone',
  dataClass: 'strongroom:data-class',
} as const;

/** Of what belongs to an account, and so to no stage. */
export const shared = 'shared';

/** Logs that hold addresses of callers; our code's own name nobody. */
const logsOfCallers = ['api/access-logs', 'edge/waf-logs', 'network/flow-logs'];

const classOf = (rows: Readonly<Record<string, { readonly dataClass: DataClass }>>, name: string): DataClass =>
  // What no row names may hold anything.
  rows[name.replace(/^\w+\//, '').replace(/-dead-letters$/, '')]?.dataClass ?? 'secret';

/** Failed records are whole rows of tables that stream. */
const streamed = (): DataClass =>
  mostSensitive(Object.values(tables).flatMap(({ stream, dataClass }) => (stream ? [dataClass] : [])));

/** @param name of the construct inside its zone, as lib/evidence has it */
export function dataClassOf(type: string, name: string): DataClass {
  switch (type) {
    case 'AWS::DynamoDB::GlobalTable':
      // A restored table has the name of the one that it takes the place of, and a suffix.
      return classOf(tables, Object.keys(tables).find((table) => name.startsWith(`data/${table}-`)) ?? name);
    case 'AWS::SQS::Queue':
      return classOf(queues, name);
    case 'AWS::S3::Bucket':
      return streamed();
    case 'AWS::KMS::Key':
    case 'AWS::KMS::ReplicaKey':
    case 'AWS::SecretsManager::Secret':
    case 'AWS::Backup::BackupVault':
      return 'secret';
    case 'AWS::Logs::LogGroup':
      return logsOfCallers.includes(name) ? 'personal' : 'internal';
    case 'AWS::Events::EventBus':
    case 'AWS::SNS::Topic':
      return 'internal';
    default:
      return 'none';
  }
}

/** CDK keeps the tags of a table on the construct around it. */
const table = 'AWS::DynamoDB::GlobalTable';

export class Tagging implements IAspect {
  readonly #stage: string;
  readonly #zone: string;

  constructor(stage: string, zone: string) {
    this.#stage = stage;
    this.#zone = zone;
  }

  visit(node: IConstruct): void {
    const tags = TagManager.of(node);
    if (tags === undefined) return;
    tags.setTag(tagKeys.stage, this.#stage);
    tags.setTag(tagKeys.zone, this.#zone);
    // A stack's tags are those of everything in it, whatever it holds.
    if (Stack.isStack(node)) return;
    const type = CfnResource.isCfnResource(node) ? node.cfnResourceType : table;
    tags.setTag(tagKeys.dataClass, dataClassOf(type, nameOf(node.node.path)));
  }
}
