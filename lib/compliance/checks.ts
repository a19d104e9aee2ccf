// The compliance packs that every synthesis runs, and the exceptions from them. What is neither kept nor excepted, and
// what is excepted no longer, fails the synthesis.

import { type App, Token, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { functions } from '../../contract/functions.ts';
import { platformSecrets } from '../../contract/keys.ts';
import { type TableName, tables } from '../../contract/tables.ts';
import { tableName } from '../derive/names.ts';
import type { ZoneStage } from '../stages/zone.ts';
import { type Exception, exceptions } from './exceptions.ts';

/** `{function}` and `{secret}` stand for each of them; the others for the zone's own value. */
const each: Readonly<Record<string, readonly string[]>> = {
  '{function}': Object.keys(functions),
  '{secret}': Object.keys(platformSecrets),
};

const expand = (exception: Exception): readonly Exception[] =>
  Object.entries(each).reduce<readonly Exception[]>(
    (rows, [placeholder, values]) =>
      rows.flatMap((row) =>
        row.at.includes(placeholder)
          ? values.map((value) => ({
              ...row,
              id: row.id.replaceAll(placeholder, value),
              at: row.at.replaceAll(placeholder, value),
            }))
          : [row],
      ),
    [exception],
  );

const inZone = (id: string, { account = '', place }: ZoneStage): string => {
  const values: Record<string, string> = {
    stage: place.stage,
    zone: place.zone,
    region: place.region,
    account: account === '' || Token.isUnresolved(account) ? '<AWS::AccountId>' : account,
    ...Object.fromEntries((Object.keys(tables) as TableName[]).map((table) => [table, tableName(place, table)])),
  };
  return id.replaceAll(/\{(\w+)\}/g, (written, name: string) => values[name] ?? written);
};

/** @param today RFC 3339 full-date, UTC. */
export function addCompliance(app: App, zones: readonly ZoneStage[], today: string): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  for (const zone of zones) {
    for (const { id, at, reason, owner, approver, expires } of exceptions
      .filter((row) => today < row.expires)
      .flatMap(expand)) {
      const construct = zone.node.findAll().find((found) => found.node.path === `${zone.node.path}/${at}`);
      if (construct === undefined) throw new Error(`lib/compliance/exceptions.ts: nothing is at "${at}" (${id})`);
      Validations.of(construct).acknowledge({
        id: inZone(id, zone),
        reason: `${reason} Owner: ${owner}. Approved by: ${approver}. Until ${expires}.`,
      });
    }
  }
}
