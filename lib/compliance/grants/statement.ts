// How declared grants are written: as statements of a policy, from the contract alone. lib/derive writes the templates' policies from the
// same rows; neither reads the other, so that a grant stands in a template only where two sources agree.

import type { ZoneDeployment } from '../../derive/names.ts';
import { factsOf } from '../../evidence/statements.ts';
import type { Json } from '../rule.ts';

export type Where = Readonly<Record<string, Readonly<Record<string, Json>>>>;

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Principal?: Json;
  readonly Condition?: Where;
}

export const allow = (Action: readonly string[], Resource: readonly string[], Condition: Where = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});

/** Facts as docs/generated/surface.txt has them: one verb on one resource each. */
export const factsFrom = (statements: readonly Statement[]): string[] => factsOf({ Statement: [...statements] });

export const prefixed = (service: string, verbs: readonly string[]): string[] =>
  verbs.map((verb) => `${service}:${verb}`);

/** ARN of something in the deployment's region and account. */
export const arnIn = ({ region }: ZoneDeployment, service: string, rest: string): string =>
  `arn:aws:${service}:${region}:<account>:${rest}`;

/** Only where the service asks in the name of its caller. */
export const through = ({ region }: ZoneDeployment, ...services: readonly string[]): Where => ({
  StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) },
});

/** What templates refer to rather than name, in words that are the same in every region and stack. */
export const key = (name: string): string => `keys/key-${name}.Arn`;
export const secret = (name: string): string => `secret ${name}`;
export const stream = (table: string): string => `stream ${table}`;
export const failedRecords = 'bucket of failed records';
export const plan = (rate: string): string => `usage plan ${rate.replace('.', '-')}`;

/** A template's text in those words. */
export const inWords = (text: string, { stage, region, otherRegion }: ZoneDeployment): string =>
  text
    // Of a replica, whose ARN has its own region and the rest of the primary's.
    .replaceAll(
      new RegExp(
        `(?<![\\w/-])arn:aws:secretsmanager:${region}:<account>:secret:<part 6 of ${otherRegion}/secrets/secret-(\\w+)>`,
        'g',
      ),
      (_, name) => secret(name),
    )
    .replaceAll(/(?<![\w/-])secrets\/secret-(\w+)(?![\w./-])/g, (_, name) => secret(name))
    .replaceAll(/(?<![\w/-])data\/stream-(\w+)\.StreamArn(?![\w./-])/g, (_, table) => stream(table))
    .replaceAll(/(?<![\w/-])data\/(\w+)(?:-[\w.-]+)?\.StreamArn(?![\w./-])/g, (_, table) => stream(table))
    .replaceAll(/(?<![\w-])api\/usage-plan-(\w+-\w+)(?![\w-])/g, (_, rate) => plan(rate))
    .replaceAll(`arn:aws:s3:::strongroom-${stage}-${region}-failed-<account>`, failedRecords)
    .replaceAll(/(?<![\w/-])relay\/failed-stream-records\.Arn(?![\w.-])/g, failedRecords);
