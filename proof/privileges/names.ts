// Names of one place (stage, zone, region, account, ids that only AWS gives) taken out of a text: what is left is the same in
// every place, or the places differ in more than names.

import * as v from 'valibot';
import { type TableName, tables } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import type { Deployment } from '../../local/cloudformation/deployment.ts';

const Alias = v.object({ AliasName: v.string(), TargetKeyId: v.string() });
const Secret = v.object({ Name: v.string() });
const Plan = v.object({ UsagePlanName: v.string() });

export type WithoutNames = (text: string) => string;

export function withoutNames(
  stage: string,
  deployment: Deployment,
  /** Of all functions together. */
  environment: Readonly<Record<string, string>>,
): WithoutNames {
  const { zone, region, account } = deployment;
  const ours = `strongroom-${stage}-${zone}`;
  const ids: [string, string][] = [
    ...deployment.of('AWS::KMS::Alias').map((each): [string, string] => {
      const { AliasName, TargetKeyId } = v.parse(Alias, each.properties());
      return [TargetKeyId.split('/').at(-1) ?? '', AliasName.replace('alias/', '')];
    }),
    ...deployment.of('AWS::SecretsManager::Secret').map((each): [string, string] => {
      return [each.physical.ref.split(':').at(-1) ?? '', v.parse(Secret, each.properties()).Name];
    }),
    ...deployment.of('AWS::ApiGateway::UsagePlan').map((each): [string, string] => {
      return [each.physical.ref, `<${v.parse(Plan, each.properties()).UsagePlanName.replace(`${ours}-`, '')}>`];
    }),
    ...(Object.keys(tables) as TableName[]).flatMap((table): [string, string][] => {
      const name = environment[variables.table(table)];
      return name === undefined ? [] : [[name, `${ours}-${table}`]];
    }),
  ];
  const places: [string, string][] = [
    [region, '<region>'],
    [account, '<account>'],
    [ours, 'strongroom-<stage>-<zone>'],
    [`/strongroom/${stage}/${zone}/`, '/strongroom/<stage>/<zone>/'],
    [`strongroom-${stage}-<region>`, 'strongroom-<stage>-<region>'],
  ];
  return (text) => [...ids, ...places].reduce((left, [name, known]) => left.replaceAll(name, known), text);
}

/** A resource as a person names it, once its names are out: `table/payments` of a whole ARN. */
export const shortly = (resource: string): string =>
  resource.replace(/^arn:aws:[a-z0-9-]*:[^:]*:[^:]*:/, '').replace('strongroom-<stage>-<zone>-', '');
